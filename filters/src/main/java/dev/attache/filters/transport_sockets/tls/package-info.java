/**
 * {@code envoy.transport_sockets.tls}: TLS by BoringSSL, on both sides.
 *
 * <p>Type URLs {@code envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext} and {@code
 * UpstreamTlsContext}. Certificate providers, private key providers, custom validators, custom
 * handshakers and certificate selectors are refused.
 */
@NullMarked
package dev.attache.filters.transport_sockets.tls;

import org.jspecify.annotations.NullMarked;
