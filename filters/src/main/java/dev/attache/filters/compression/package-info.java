/** Compression libraries, each an extension of {@code envoy.compression.compressor}. */
@NullMarked
package dev.attache.filters.compression;

import org.jspecify.annotations.NullMarked;
