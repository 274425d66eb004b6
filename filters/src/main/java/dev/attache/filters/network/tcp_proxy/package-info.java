/**
 * {@code envoy.filters.network.tcp_proxy}: a connection forwarded to a cluster.
 *
 * <p>Type URL {@code envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy}. On-demand clusters
 * are refused.
 */
@NullMarked
package dev.attache.filters.network.tcp_proxy;

import org.jspecify.annotations.NullMarked;
