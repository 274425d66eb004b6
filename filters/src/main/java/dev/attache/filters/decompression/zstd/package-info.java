/** {@code envoy.extensions.compression.zstd.decompressor.v3}. */
@NullMarked
package dev.attache.filters.decompression.zstd;

import org.jspecify.annotations.NullMarked;
