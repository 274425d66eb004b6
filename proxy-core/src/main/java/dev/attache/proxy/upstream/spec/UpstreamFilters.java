package dev.attache.proxy.upstream.spec;

/**
 * {@code HttpProtocolOptions.http_filters}: what requests to a cluster pass on their way to its
 * connections. What filters are is known to the packages above. Immutable.
 */
public interface UpstreamFilters {}
