/** {@code envoy.extensions.compression.brotli.compressor.v3}. */
@NullMarked
package dev.attache.filters.compression.brotli;

import org.jspecify.annotations.NullMarked;
