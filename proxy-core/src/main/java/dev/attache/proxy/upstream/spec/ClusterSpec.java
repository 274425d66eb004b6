package dev.attache.proxy.upstream.spec;

import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.lb.LoadBalancerSpec;
import dev.attache.proxy.upstream.lb.LoadBalancingSettings;
import dev.attache.proxy.upstream.lb.RoundRobinSpec;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as configured, Envoy's defaults applied. Immutable, any thread. Times in milliseconds.
 *
 * @param altStatName what stats are named after; the name where unset
 * @param endpoints {@code load_assignment}; empty for EDS and ORIGINAL_DST
 * @param bufferLimitBytes {@code per_connection_buffer_limit_bytes}, 1 MiB
 * @param bufferWatermarkTimeoutMillis how long a connection may stay above it; 0 = forever
 * @param tcpIdleTimeoutMillis of a pooled TCP connection that carries nobody; 10 minutes
 * @param cleanupIntervalMillis of unused ORIGINAL_DST hosts; 5 seconds
 * @param ignoreHealthOnHostRemoval a removed host goes at once, whatever its health check says
 * @param closeConnectionsOnHostHealthFailure pools of a host that fails are drained
 * @param connectionPoolPerDownstream no sharing of upstream connections between downstream ones
 * @param waitForWarmOnInit {@code wait_for_warm_on_init}
 * @param outlier {@code outlier_detection}, or null where there is none
 * @param healthChecks {@code health_checks}; a host is healthy when all of them say so
 * @param wantedStats {@code stats_matcher}, by whole names; null = that of the process
 * @param endpointStats each host has statistics of its own ({@code per_endpoint_stats})
 * @param filters {@code filters}, of each connection, or null
 * @param addedViaApi came by CDS rather than by bootstrap; what {@code /clusters} prints
 */
public record ClusterSpec(
        String name,
        String altStatName,
        DiscoverySpec discovery,
        LoadAssignment endpoints,
        long connectTimeoutMillis,
        LoadBalancerSpec loadBalancer,
        LoadBalancingSettings balancing,
        CircuitBreakerSpec circuitBreakers,
        TransportSelection transports,
        UpstreamHttpSpec http,
        SocketSpec sockets,
        int bufferLimitBytes,
        long bufferWatermarkTimeoutMillis,
        long tcpIdleTimeoutMillis,
        long cleanupIntervalMillis,
        boolean ignoreHealthOnHostRemoval,
        boolean closeConnectionsOnHostHealthFailure,
        boolean connectionPoolPerDownstream,
        boolean waitForWarmOnInit,
        boolean addedViaApi,
        Preconnect preconnect,
        @Nullable OutlierSpec outlier,
        List<HealthCheckSpec> healthChecks,
        @Nullable Predicate<String> wantedStats,
        Metadata metadata,
        boolean endpointStats,
        @Nullable ConnectionFilters filters) {

    public static final long CONNECT_TIMEOUT_MILLIS = 5_000;
    public static final int BUFFER_LIMIT_BYTES = 1 << 20;
    public static final long TCP_IDLE_TIMEOUT_MILLIS = 600_000;
    public static final long CLEANUP_INTERVAL_MILLIS = 5_000;

    /** Root of the cluster's stats, without the final dot: {@code cluster.<altStatName>}. */
    public String statRoot() {
        return "cluster." + altStatName;
    }

    /** Starts from Envoy's defaults. */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /** A builder that starts from this spec. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Collects what differs from the defaults. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private String altStatName;
        private DiscoverySpec discovery = new DiscoverySpec.Static();
        private LoadAssignment endpoints;
        private long connectTimeoutMillis = CONNECT_TIMEOUT_MILLIS;
        private LoadBalancerSpec loadBalancer = RoundRobinSpec.DEFAULTS;
        private LoadBalancingSettings balancing = LoadBalancingSettings.DEFAULTS;
        private CircuitBreakerSpec circuitBreakers = CircuitBreakerSpec.DEFAULTS;
        private TransportSelection transports = TransportSelection.RAW;
        private UpstreamHttpSpec http = UpstreamHttpSpec.DEFAULTS;
        private SocketSpec sockets = SocketSpec.DEFAULTS;
        private int bufferLimitBytes = BUFFER_LIMIT_BYTES;
        private long bufferWatermarkTimeoutMillis;
        private long tcpIdleTimeoutMillis = TCP_IDLE_TIMEOUT_MILLIS;
        private long cleanupIntervalMillis = CLEANUP_INTERVAL_MILLIS;
        private boolean ignoreHealthOnHostRemoval;
        private boolean closeConnectionsOnHostHealthFailure;
        private boolean connectionPoolPerDownstream;
        private boolean waitForWarmOnInit = true;
        private boolean addedViaApi;
        private Preconnect preconnect = Preconnect.NONE;
        private @Nullable OutlierSpec outlier;
        private List<HealthCheckSpec> healthChecks = List.of();
        private @Nullable Predicate<String> wantedStats;
        private Metadata metadata = Metadata.EMPTY;
        private boolean endpointStats;
        private @Nullable ConnectionFilters filters;

        private Builder(String name) {
            this.name = name;
            this.altStatName = name;
            this.endpoints = LoadAssignment.empty(name);
        }

        private Builder(ClusterSpec spec) {
            this.name = spec.name;
            this.altStatName = spec.altStatName;
            this.discovery = spec.discovery;
            this.endpoints = spec.endpoints;
            this.connectTimeoutMillis = spec.connectTimeoutMillis;
            this.loadBalancer = spec.loadBalancer;
            this.balancing = spec.balancing;
            this.circuitBreakers = spec.circuitBreakers;
            this.transports = spec.transports;
            this.http = spec.http;
            this.sockets = spec.sockets;
            this.bufferLimitBytes = spec.bufferLimitBytes;
            this.bufferWatermarkTimeoutMillis = spec.bufferWatermarkTimeoutMillis;
            this.tcpIdleTimeoutMillis = spec.tcpIdleTimeoutMillis;
            this.cleanupIntervalMillis = spec.cleanupIntervalMillis;
            this.ignoreHealthOnHostRemoval = spec.ignoreHealthOnHostRemoval;
            this.closeConnectionsOnHostHealthFailure = spec.closeConnectionsOnHostHealthFailure;
            this.connectionPoolPerDownstream = spec.connectionPoolPerDownstream;
            this.waitForWarmOnInit = spec.waitForWarmOnInit;
            this.addedViaApi = spec.addedViaApi;
            this.preconnect = spec.preconnect;
            this.outlier = spec.outlier;
            this.healthChecks = spec.healthChecks;
            this.wantedStats = spec.wantedStats;
            this.metadata = spec.metadata;
            this.endpointStats = spec.endpointStats;
            this.filters = spec.filters;
        }

        public Builder altStatName(String value) {
            altStatName = value;
            return this;
        }

        public Builder discovery(DiscoverySpec value) {
            discovery = value;
            return this;
        }

        public Builder endpoints(LoadAssignment value) {
            endpoints = value;
            return this;
        }

        public Builder connectTimeoutMillis(long value) {
            connectTimeoutMillis = value;
            return this;
        }

        public Builder loadBalancer(LoadBalancerSpec value) {
            loadBalancer = value;
            return this;
        }

        public Builder balancing(LoadBalancingSettings value) {
            balancing = value;
            return this;
        }

        public Builder circuitBreakers(CircuitBreakerSpec value) {
            circuitBreakers = value;
            return this;
        }

        public Builder transports(TransportSelection value) {
            transports = value;
            return this;
        }

        public Builder filters(@Nullable ConnectionFilters value) {
            filters = value;
            return this;
        }

        public Builder http(UpstreamHttpSpec value) {
            http = value;
            return this;
        }

        public Builder sockets(SocketSpec value) {
            sockets = value;
            return this;
        }

        public Builder bufferWatermarkTimeoutMillis(long value) {
            bufferWatermarkTimeoutMillis = value;
            return this;
        }

        public Builder bufferLimitBytes(int value) {
            bufferLimitBytes = value;
            return this;
        }

        public Builder tcpIdleTimeoutMillis(long value) {
            tcpIdleTimeoutMillis = value;
            return this;
        }

        public Builder cleanupIntervalMillis(long value) {
            cleanupIntervalMillis = value;
            return this;
        }

        public Builder ignoreHealthOnHostRemoval(boolean value) {
            ignoreHealthOnHostRemoval = value;
            return this;
        }

        public Builder closeConnectionsOnHostHealthFailure(boolean value) {
            closeConnectionsOnHostHealthFailure = value;
            return this;
        }

        public Builder connectionPoolPerDownstream(boolean value) {
            connectionPoolPerDownstream = value;
            return this;
        }

        public Builder waitForWarmOnInit(boolean value) {
            waitForWarmOnInit = value;
            return this;
        }

        public Builder addedViaApi(boolean value) {
            addedViaApi = value;
            return this;
        }

        public Builder preconnect(Preconnect value) {
            preconnect = value;
            return this;
        }

        public Builder outlier(@Nullable OutlierSpec value) {
            outlier = value;
            return this;
        }

        public Builder healthChecks(List<HealthCheckSpec> value) {
            healthChecks = List.copyOf(value);
            return this;
        }

        public Builder wantedStats(@Nullable Predicate<String> value) {
            wantedStats = value;
            return this;
        }

        public Builder metadata(Metadata value) {
            metadata = value;
            return this;
        }

        public Builder endpointStats(boolean value) {
            endpointStats = value;
            return this;
        }

        public ClusterSpec build() {
            return new ClusterSpec(
                    name,
                    altStatName,
                    discovery,
                    endpoints,
                    connectTimeoutMillis,
                    loadBalancer,
                    balancing,
                    circuitBreakers,
                    transports,
                    http,
                    sockets,
                    bufferLimitBytes,
                    bufferWatermarkTimeoutMillis,
                    tcpIdleTimeoutMillis,
                    cleanupIntervalMillis,
                    ignoreHealthOnHostRemoval,
                    closeConnectionsOnHostHealthFailure,
                    connectionPoolPerDownstream,
                    waitForWarmOnInit,
                    addedViaApi,
                    preconnect,
                    outlier,
                    healthChecks,
                    wantedStats,
                    metadata,
                    endpointStats,
                    filters);
        }
    }
}
