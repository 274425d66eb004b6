/**
 * {@code envoy.filters.network.tcp_proxy}: bytes to a cluster, over a connection of their own or in
 * an HTTP tunnel.
 */
@NullMarked
package dev.attache.proxy.network.tcp;

import org.jspecify.annotations.NullMarked;
