package dev.attache.filters.tracers.skywalking;

import dev.attache.proxy.call.grpc.GrpcService;

/**
 * {@code envoy.config.trace.v3.SkyWalkingConfig}. Immutable.
 *
 * @param service empty: the node's cluster
 * @param instance empty: the node's id
 * @param maxCacheSize so many segments wait for the collector at most
 */
record SkyWalkingSpec(GrpcService grpc, String service, String instance, int maxCacheSize) {}
