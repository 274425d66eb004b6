/** Decompression libraries, each an extension of {@code envoy.compression.decompressor}. */
@NullMarked
package dev.attache.filters.decompression;

import org.jspecify.annotations.NullMarked;
