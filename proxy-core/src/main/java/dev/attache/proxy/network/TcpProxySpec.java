package dev.attache.proxy.network;

import dev.attache.proxy.accesslog.AccessLogSpec;
import dev.attache.proxy.metadata.Metadata;
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
        @Nullable Tunneling tunneling)
        implements NetworkFilterSpec {

    /** Filter state key by which a filter chooses the cluster of its connection. */
    public static final String CLUSTER_KEY = "envoy.tcp_proxy.cluster";

    /** The same for how long its connection may be idle. */
    public static final String IDLE_TIMEOUT_KEY = "envoy.tcp_proxy.per_connection_idle_timeout_ms";

    public static final long DEFAULT_IDLE_TIMEOUT_MILLIS = 3_600_000;

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
     * @param hostname format string of the authority
     * @param usePost POST instead of CONNECT
     * @param postPath path of the POST
     * @param headersToAdd name and format string, appended
     * @param propagateResponseHeaders keep the response headers in filter state
     * @param propagateResponseTrailers keep the trailers in filter state
     */
    public record Tunneling(
            String hostname,
            boolean usePost,
            String postPath,
            List<HeaderToAdd> headersToAdd,
            boolean propagateResponseHeaders,
            boolean propagateResponseTrailers) {

        public Tunneling {
            headersToAdd = List.copyOf(headersToAdd);
        }

        public record HeaderToAdd(String name, String format) {}
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
