package dev.attache.config.cluster;

/**
 * {@code envoy.extensions.upstreams.tcp.v3.TcpProtocolOptions}.
 *
 * @param idleTimeoutMillis of a pooled TCP connection that carries nobody; 0 = off
 */
public record TcpPoolOptions(long idleTimeoutMillis) {}
