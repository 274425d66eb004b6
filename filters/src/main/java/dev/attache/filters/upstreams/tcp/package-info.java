/**
 * {@code envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions}: pooled TCP connections of a
 * cluster.
 */
@NullMarked
package dev.attache.filters.upstreams.tcp;

import org.jspecify.annotations.NullMarked;
