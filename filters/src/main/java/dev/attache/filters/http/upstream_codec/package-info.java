/**
 * The end of every chain of upstream filters, {@code
 * envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec}: from there a request goes to the
 * connection, by what the router's attempt does itself. Status: complete.
 */
@NullMarked
package dev.attache.filters.http.upstream_codec;

import org.jspecify.annotations.NullMarked;
