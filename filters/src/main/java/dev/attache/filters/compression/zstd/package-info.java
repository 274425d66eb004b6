/** {@code envoy.extensions.compression.zstd.compressor.v3}. */
@NullMarked
package dev.attache.filters.compression.zstd;

import org.jspecify.annotations.NullMarked;
