package dev.attache.proxy.upstream.spec;

/**
 * {@code Cluster.filters}: the network filters of a cluster's connections. What they are is known
 * to the packages above. Immutable.
 */
public interface ConnectionFilters {}
