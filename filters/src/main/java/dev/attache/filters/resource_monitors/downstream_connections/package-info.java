/**
 * {@code envoy.resource_monitors.global_downstream_max_connections}: limits accepted connections.
 *
 * <p>Type URL {@code
 * envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig}.
 */
@NullMarked
package dev.attache.filters.resource_monitors.downstream_connections;

import org.jspecify.annotations.NullMarked;
