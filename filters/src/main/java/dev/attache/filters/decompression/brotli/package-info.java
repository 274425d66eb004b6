/** {@code envoy.extensions.compression.brotli.decompressor.v3}. */
@NullMarked
package dev.attache.filters.decompression.brotli;

import org.jspecify.annotations.NullMarked;
