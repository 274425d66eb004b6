/**
 * {@code envoy.transport_sockets.upstream_proxy_protocol}: the first bytes of a connection tell the
 * peer for which client it is made, by a PROXY header of version 1 or 2; another transport socket
 * carries what follows. Connections of different clients are not shared.
 *
 * <p>Type URL {@code
 * envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport}.
 */
@NullMarked
package dev.attache.filters.transport_sockets.proxy_protocol;

import org.jspecify.annotations.NullMarked;
