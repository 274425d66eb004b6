package dev.attache.filters.grpc;

import dev.attache.proxy.metadata.FilterState;

/**
 * Messages of both directions so far, as filter state {@code envoy.filters.http.grpc_stats}.
 * Loop-confined.
 */
public final class GrpcMessageCounts implements FilterState.Value {
    public static final String KEY = "envoy.filters.http.grpc_stats";

    public long requestMessages;
    public long responseMessages;

    @Override
    public String serializeAsString() {
        return requestMessages + "," + responseMessages;
    }
}
