/**
 * {@code envoy.transport_sockets.internal_upstream}: tells an internal listener, before its first
 * filter, what a cluster knows of host, cluster and client. Another transport socket does the rest.
 *
 * <p>Type URL {@code
 * envoy.extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport}. Stable.
 */
@NullMarked
package dev.attache.filters.transport_sockets.internal_upstream;

import org.jspecify.annotations.NullMarked;
