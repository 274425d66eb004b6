/**
 * {@code envoy.filters.http.compressor}: compresses responses with gzip when the client accepts it.
 *
 * <p>Type URL {@code envoy.extensions.filters.http.compressor.v3.Compressor}. Libraries other than
 * gzip are not bundled: a compressor configured with one never offers itself, so that the next in
 * the chain, or the plain response, is chosen. Compressing requests is refused.
 */
@NullMarked
package dev.attache.filters.http.compressor;

import org.jspecify.annotations.NullMarked;
