/** {@code envoy.extensions.compression.gzip.compressor.v3}. */
@NullMarked
package dev.attache.filters.compression.gzip;

import org.jspecify.annotations.NullMarked;
