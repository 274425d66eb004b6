package dev.attache.proxy.network.tcp;

import dev.attache.proxy.accesslog.AccessLogSpec;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;
import dev.attache.proxy.route.HeaderMutations;
import dev.attache.proxy.stream.format.Formatter;
import dev.attache.proxy.worker.JitteredTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.filters.network.tcp_proxy}, compiled. Immutable.
 *
 * @param statPrefix stats are {@code tcp.<statPrefix>.*}
 * @param clusters where to; one entry for {@code cluster}, several for {@code weighted_clusters}
 * @param metadataMatch {@code envoy.lb} subset wanted of endpoints
 * @param idleTimeoutMillis neither side sent anything; 0 = off; Envoy's default one hour
 * @param maxConnectAttempts at least 1
 * @param hashPolicies inputs of the balancer's hash, in order
 * @param accessLogs one entry when the connection ends
 * @param accessLogFlushIntervalMillis 0 = off
 * @param accessLogOnStart also write an entry when the connection begins
 * @param accessLogOnConnected also write an entry when the upstream connection is there
 * @param checkDrainClose after data, of either side, a connection of a draining listener is ended
 * @param tunneling null = the bytes go as they are
 * @param backoff between attempts to connect; null = they follow each other at once
 * @param clientTlvs what upstreams that hear of the client by PROXY protocol are told besides
 */
public record TcpProxySpec(
        String statPrefix,
        List<WeightedCluster> clusters,
        Metadata metadataMatch,
        long idleTimeoutMillis,
        int maxConnectAttempts,
        JitteredTime maxDownstreamConnectionDuration,
        List<HashPolicy> hashPolicies,
        List<AccessLogSpec> accessLogs,
        long accessLogFlushIntervalMillis,
        boolean accessLogOnStart,
        boolean accessLogOnConnected,
        boolean checkDrainClose,
        @Nullable Tunneling tunneling,
        @Nullable Backoff backoff,
        ClientTlvs clientTlvs)
        implements NetworkFilterSpec {

    /** Filter state key by which a filter chooses the cluster of its connection. */
    public static final String CLUSTER_KEY = "envoy.tcp_proxy.cluster";

    /** The same for how long its connection may be idle. */
    public static final String IDLE_TIMEOUT_KEY = "envoy.tcp_proxy.per_connection_idle_timeout_ms";

    /** Filter state key by which a filter keeps its connection out of a tunnel. */
    static final String DISABLE_TUNNELING_KEY = "envoy.tcp_proxy.disable_tunneling";

    public static final long DEFAULT_IDLE_TIMEOUT_MILLIS = 3_600_000;

    /** Without TLVs. */
    public TcpProxySpec(
            String statPrefix,
            List<WeightedCluster> clusters,
            Metadata metadataMatch,
            long idleTimeoutMillis,
            int maxConnectAttempts,
            JitteredTime maxDownstreamConnectionDuration,
            List<HashPolicy> hashPolicies,
            List<AccessLogSpec> accessLogs,
            long accessLogFlushIntervalMillis,
            boolean accessLogOnStart,
            boolean accessLogOnConnected,
            boolean checkDrainClose,
            @Nullable Tunneling tunneling,
            @Nullable Backoff backoff) {
        this(
                statPrefix,
                clusters,
                metadataMatch,
                idleTimeoutMillis,
                maxConnectAttempts,
                maxDownstreamConnectionDuration,
                hashPolicies,
                accessLogs,
                accessLogFlushIntervalMillis,
                accessLogOnStart,
                accessLogOnConnected,
                checkDrainClose,
                tunneling,
                backoff,
                ClientTlvs.NONE);
    }

    public TcpProxySpec {
        clusters = List.copyOf(clusters);
        hashPolicies = List.copyOf(hashPolicies);
        accessLogs = List.copyOf(accessLogs);
    }

    /** One of the clusters; metadata is merged over the filter's own. */
    public record WeightedCluster(String name, int weight, Metadata metadataMatch) {}

    /** {@code envoy.type.v3.HashPolicy}. */
    public sealed interface HashPolicy {
        record SourceIp() implements HashPolicy {}

        record FilterStateKey(String key) implements HashPolicy {}
    }

    /**
     * {@code TunnelingConfig}: carry the bytes in an HTTP CONNECT or POST.
     *
     * @param hostname the authority
     * @param usePost POST instead of CONNECT
     * @param postPath path of the POST
     * @param headers added to the request
     * @param propagateResponseHeaders keep the response headers in filter state
     * @param propagateResponseTrailers keep the trailers in filter state
     * @param requestId each tunnel has one; null = none
     */
    public record Tunneling(
            Formatter hostname,
            boolean usePost,
            String postPath,
            HeaderMutations headers,
            boolean propagateResponseHeaders,
            boolean propagateResponseTrailers,
            @Nullable RequestId requestId) {}

    /**
     * Where the id of a tunnel's request goes.
     *
     * @param metadataKey in the connection's metadata of {@code envoy.filters.network.tcp_proxy}
     */
    public record RequestId(HeaderName header, String metadataKey) {}

    /**
     * {@code backoff_options}: the time before the nth further attempt is random, up to the base
     * doubled n-1 times.
     */
    public record Backoff(long baseMillis, long maxMillis) {

        /**
         * @param failed attempts so far, at least 1
         */
        long draw(int failed, long random) {
            long range = Math.min(maxMillis, baseMillis << Math.min(failed - 1, 20));
            return Long.remainderUnsigned(random, Math.max(1, range));
        }
    }

    @Override
    public boolean terminal() {
        return true;
    }

    @Override
    public NetworkFilterFactory open(NetworkFilterContext context) {
        return new TcpProxyFactory(this, context);
    }
}
