package dev.attache.filters.http.grpc_stats;

import dev.attache.proxy.metadata.FilterState;

/**
 * Messages of both directions so far, as filter state {@code envoy.filters.http.grpc_stats}.
 * Loop-confined.
 */
final class GrpcStatsState implements FilterState.Value {
    static final String KEY = "envoy.filters.http.grpc_stats";

    long requestMessages;
    long responseMessages;

    @Override
    public String serializeAsString() {
        return requestMessages + "," + responseMessages;
    }
}
