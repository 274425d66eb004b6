package dev.attache.server.admin.dump;

import com.google.protobuf.UInt32Value;
import com.google.protobuf.UnknownFieldSet;
import dev.attache.api.ApiTable;
import dev.attache.api.MessageType;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostCells;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.outlier.OutlierDetector;
import dev.attache.proxy.upstream.outlier.SuccessRates;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.server.admin.message.Part;
import dev.attache.server.admin.message.wire.MessageBytes;
import dev.attache.server.admin.stats.NameFilter;
import io.envoyproxy.envoy.admin.v3.ClusterStatus;
import io.envoyproxy.envoy.admin.v3.Clusters;
import io.envoyproxy.envoy.admin.v3.HostHealthStatus;
import io.envoyproxy.envoy.admin.v3.HostStatus;
import io.envoyproxy.envoy.admin.v3.SimpleMetric;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import io.envoyproxy.envoy.type.v3.Percent;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code /clusters} as text and JSON, cluster by cluster. Any thread. */
public final class ClustersDump {

    /** {@code failed_degraded_outlier_detection}, which the message class does not have. */
    private static final UnknownFieldSet DEGRADED_BY_OUTLIER_DETECTION =
            UnknownFieldSet.newBuilder()
                    .addField(9, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                    .build();

    private final List<SharedCluster> clusters;

    public ClustersDump(List<SharedCluster> clusters) {
        this.clusters = clusters;
    }

    /**
     * In the order of their names. A list of its own: what is behind {@link Stream#sorted()} is
     * done for all at once.
     */
    private Stream<SharedCluster> sorted(@Nullable NameFilter filter) {
        List<SharedCluster> shown = new ArrayList<>();
        for (SharedCluster cluster : clusters) {
            if (filter == null || filter.find(cluster.spec().name())) {
                shown.add(cluster);
            }
        }
        shown.sort(Comparator.comparing(cluster -> cluster.spec().name()));
        return shown.stream();
    }

    private static List<Host> hosts(SharedCluster cluster) {
        List<Host> hosts = new ArrayList<>(cluster.hosts().hosts());
        hosts.addAll(cluster.dynamicHosts());
        return hosts;
    }

    /**
     * A text for each.
     *
     * @param filter names to show; null = all
     */
    public Iterator<String> texts(@Nullable NameFilter filter) {
        return sorted(filter).map(ClustersDump::text).iterator();
    }

    private static String text(SharedCluster cluster) {
        StringBuilder out = new StringBuilder();
        String name = cluster.spec().name();
        line(out, name, "observability_name", cluster.spec().altStatName());
        OutlierDetector outliers = cluster.outliers();
        if (outliers != null) {
            rates(out, name, "success_rate", outliers.successRates(false));
            rates(out, name, "local_origin_success_rate", outliers.successRates(true));
        }
        CircuitBreakerSpec limits = cluster.spec().circuitBreakers();
        long retries = retries(cluster, Priority.DEFAULT);
        thresholds(out, name + "::default_priority", limits.defaultPriority(), retries);
        retries = retries(cluster, Priority.HIGH);
        thresholds(out, name + "::high_priority", limits.highPriority(), retries);
        line(out, name, "added_via_api", cluster.spec().addedViaApi());
        if (!service(cluster).isEmpty()) {
            line(out, name, "eds_service_name", service(cluster));
        }
        for (Host host : hosts(cluster)) {
            String of = name + "::" + host.address();
            for (HostCells.Stat stat : sortedStats()) {
                line(out, of, stat.text(), host.stat(stat));
            }
            line(out, of, "hostname", host.hostname());
            line(out, of, "health_flags", host.healthFlagsText());
            line(out, of, "weight", host.weight());
            line(out, of, "region", host.locality().region());
            line(out, of, "zone", host.locality().zone());
            line(out, of, "sub_zone", host.locality().subZone());
            line(out, of, "canary", host.canary());
            line(out, of, "priority", host.priority());
            line(out, of, "success_rate", shortest(host.monitor().successRate(false)));
            line(out, of, "local_origin_success_rate", shortest(host.monitor().successRate(true)));
        }
        return out.toString();
    }

    /** The name that the cluster's configuration gives its endpoints, or an empty text. */
    private static String service(SharedCluster cluster) {
        return cluster.spec().discovery() instanceof DiscoverySpec.Eds eds ? eds.serviceName() : "";
    }

    private static void rates(StringBuilder out, String name, String of, SuccessRates rates) {
        line(out, name + "::outlier", of + "_average", sixDigits(rates.average()));
        line(out, name + "::outlier", of + "_ejection_threshold", sixDigits(rates.threshold()));
    }

    /** As C++ prints a double by default: no fraction where there is none. */
    private static String shortest(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** As C's {@code %g} prints a percentage. */
    private static String sixDigits(double value) {
        return new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros().toPlainString();
    }

    private static List<HostCells.Stat> sortedStats() {
        return java.util.Arrays.stream(HostCells.Stat.values())
                .sorted(Comparator.comparing(HostCells.Stat::text))
                .toList();
    }

    private static void thresholds(
            StringBuilder out, String of, CircuitBreakerSpec.Thresholds limits, long retries) {
        line(out, of, "max_connections", limits.maxConnections());
        line(out, of, "max_pending_requests", limits.maxPendingRequests());
        line(out, of, "max_requests", limits.maxRequests());
        line(out, of, "max_retries", retries);
    }

    private static void line(StringBuilder out, String of, String key, Object value) {
        out.append(of).append("::").append(key).append("::").append(value).append('\n');
    }

    /**
     * All as one message.
     *
     * @param filter names to show; null = all
     */
    public Part message(@Nullable NameFilter filter) {
        MessageType type = ApiTable.of(Clusters.class);
        return new Part.Growing(
                MessageBytes.of(type, new byte[0]),
                null,
                List.of(
                        Part.Elements.each(
                                Objects.requireNonNull(type.field("cluster_statuses")),
                                sorted(filter)
                                        .map(cluster -> Part.of(MessageBytes.of(status(cluster))))
                                        .iterator())));
    }

    private static ClusterStatus status(SharedCluster cluster) {
        CircuitBreakerSpec limits = cluster.spec().circuitBreakers();
        ClusterStatus.Builder status =
                ClusterStatus.newBuilder()
                        .setName(cluster.spec().name())
                        .setAddedViaApi(cluster.spec().addedViaApi())
                        .setObservabilityName(cluster.spec().altStatName())
                        .setEdsServiceName(service(cluster))
                        .setCircuitBreakers(
                                CircuitBreakers.newBuilder()
                                        .addThresholds(
                                                limits(
                                                        RoutingPriority.DEFAULT,
                                                        limits.defaultPriority(),
                                                        retries(cluster, Priority.DEFAULT)))
                                        .addThresholds(
                                                limits(
                                                        RoutingPriority.HIGH,
                                                        limits.highPriority(),
                                                        retries(cluster, Priority.HIGH))));
        OutlierDetector outliers = cluster.outliers();
        if (outliers != null) {
            percent(
                    outliers.successRates(false).threshold(),
                    status::setSuccessRateEjectionThreshold);
            percent(
                    outliers.successRates(true).threshold(),
                    status::setLocalOriginSuccessRateEjectionThreshold);
        }
        hosts(cluster).forEach(host -> status.addHostStatuses(host(host)));
        return status.build();
    }

    private static void percent(double known, Consumer<Percent> setter) {
        if (known >= 0) {
            setter.accept(Percent.newBuilder().setValue(known).build());
        }
    }

    private static CircuitBreakers.Thresholds limits(
            RoutingPriority priority, CircuitBreakerSpec.Thresholds limits, long retries) {
        return CircuitBreakers.Thresholds.newBuilder()
                .setPriority(priority)
                .setMaxConnections(uint(limits.maxConnections()))
                .setMaxPendingRequests(uint(limits.maxPendingRequests()))
                .setMaxRequests(uint(limits.maxRequests()))
                .setMaxRetries(uint(retries))
                .build();
    }

    /** As many as a budget allows now, where there is one. */
    private static long retries(SharedCluster cluster, Priority priority) {
        return cluster.breakers().maxRetries(priority);
    }

    private static UInt32Value uint(long value) {
        return UInt32Value.of((int) value);
    }

    private static HostStatus host(Host host) {
        HostStatus.Builder status =
                HostStatus.newBuilder()
                        .setAddress(AddressMessages.of(host.address()))
                        .setWeight(host.weight())
                        .setHostname(host.hostname())
                        .setPriority(host.priority())
                        .setLocality(
                                Locality.newBuilder()
                                        .setRegion(host.locality().region())
                                        .setZone(host.locality().zone())
                                        .setSubZone(host.locality().subZone()))
                        .setHealthStatus(health(host));
        percent(host.monitor().successRate(false), status::setSuccessRate);
        percent(host.monitor().successRate(true), status::setLocalOriginSuccessRate);
        for (boolean gauges : new boolean[] {false, true}) {
            for (HostCells.Stat stat : sortedStats()) {
                if (stat.isGauge() == gauges) {
                    status.addStats(
                            SimpleMetric.newBuilder()
                                    .setName(stat.text())
                                    .setType(
                                            gauges
                                                    ? SimpleMetric.Type.GAUGE
                                                    : SimpleMetric.Type.COUNTER)
                                    .setValue(host.stat(stat)));
                }
            }
        }
        return status.build();
    }

    private static HostHealthStatus health(Host host) {
        HealthStatus eds =
                host.has(Host.Flag.EDS_STATUS_DRAINING)
                        ? HealthStatus.DRAINING
                        : host.has(Host.Flag.FAILED_EDS_HEALTH)
                                ? HealthStatus.UNHEALTHY
                                : host.has(Host.Flag.DEGRADED_EDS_HEALTH)
                                        ? HealthStatus.DEGRADED
                                        : HealthStatus.HEALTHY;
        return HostHealthStatus.newBuilder()
                .setFailedActiveHealthCheck(host.has(Host.Flag.FAILED_ACTIVE_HC))
                .setFailedOutlierCheck(host.has(Host.Flag.FAILED_OUTLIER_CHECK))
                .setFailedActiveDegradedCheck(host.has(Host.Flag.DEGRADED_ACTIVE_HC))
                .setPendingDynamicRemoval(host.has(Host.Flag.PENDING_DYNAMIC_REMOVAL))
                .setPendingActiveHc(host.has(Host.Flag.PENDING_ACTIVE_HC))
                .setExcludedViaImmediateHcFail(host.has(Host.Flag.EXCLUDED_VIA_IMMEDIATE_HC_FAIL))
                .setActiveHcTimeout(host.has(Host.Flag.ACTIVE_HC_TIMEOUT))
                .setEdsHealthStatus(eds)
                .setUnknownFields(
                        host.has(Host.Flag.DEGRADED_OUTLIER_DETECTION)
                                ? DEGRADED_BY_OUTLIER_DETECTION
                                : UnknownFieldSet.getDefaultInstance())
                .build();
    }
}
