/** {@code envoy.extensions.compression.gzip.decompressor.v3}. */
@NullMarked
package dev.attache.filters.decompression.gzip;

import org.jspecify.annotations.NullMarked;
