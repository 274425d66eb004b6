package dev.attache.filters.http.fault;

import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.MetadataValue;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One {@code HTTPFault}: of the filter, or of a route, which replaces the filter's. Immutable.
 *
 * @param upstreamCluster only requests for this cluster; empty = any
 * @param downstreamNodes only requests of these nodes; empty = any
 * @param maxActiveFaults -1 = no limit
 * @param countOrigins whether faults are also counted by downstream service cluster
 * @param metadata becomes dynamic metadata of a request that is hit
 */
record FaultSettings(
        @Nullable Delay delay,
        @Nullable Abort abort,
        @Nullable RateLimit responseRateLimit,
        String upstreamCluster,
        List<HeaderMatcher> headers,
        Set<String> downstreamNodes,
        long maxActiveFaults,
        boolean countOrigins,
        MetadataValue.Struct metadata) {

    FaultSettings {
        headers = List.copyOf(headers);
        downstreamNodes = Set.copyOf(downstreamNodes);
    }

    /** In milliseconds. */
    record Delay(Share share, Amount millis) {}

    /**
     * What the client gets. With neither number there is no abort.
     *
     * @param grpcStatus only where there is no HTTP status
     */
    record Abort(Share share, @Nullable Amount httpStatus, @Nullable Amount grpcStatus) {

        /** An HTTP status that the request names counts only if it is one. */
        long http(Headers request, @Nullable String origin) {
            if (httpStatus == null) {
                return -1;
            }
            if (httpStatus.header() != null) {
                long named = request.getLong(httpStatus.header());
                if (named < 200 || named >= 600) {
                    return -1;
                }
            }
            return httpStatus.of(request, origin);
        }

        long grpc(Headers request, @Nullable String origin) {
            return grpcStatus == null ? -1 : grpcStatus.of(request, origin);
        }
    }

    /** In KiB per second. */
    record RateLimit(Share share, Amount kibPerSecond) {}
}
