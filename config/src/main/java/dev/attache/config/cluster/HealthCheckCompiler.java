package dev.attache.config.cluster;

import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.attache.api.Overlay;
import dev.attache.config.accesslog.LineLogs;
import dev.attache.config.core.Durations;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.proxy.log.LineLog;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.upstream.spec.HealthCheckSpec;
import dev.attache.proxy.upstream.spec.HealthCheckSpec.Intervals;
import dev.attache.proxy.upstream.spec.TransportSelection;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec.ProtocolChoice;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.type.v3.CodecClientType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code health_checks} of a cluster. */
final class HealthCheckCompiler {
    private HealthCheckCompiler() {}

    static List<HealthCheckSpec> compile(
            Cluster cluster,
            DiscoverySpec discovery,
            UpstreamHttpSpec http,
            TransportSelection transports,
            CompileContext context) {
        List<HealthCheckSpec> checks = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < cluster.getHealthChecksCount(); i++) {
            CompileContext at = context.at("health_checks", i);
            HealthCheck check = cluster.getHealthChecks(i);
            String name = Overlay.of(check).text("name");
            if (cluster.getHealthChecksCount() > 1) {
                checkName(name, i, names, at);
            }
            checkTogether(cluster, check, discovery, http, at);
            checkNegotiation(cluster, check, transports, at.at("http_health_check"));
            HealthCheckSpec.Probe probe = ProbeCompiler.compile(check, at);
            if (probe != null) {
                checks.add(compile(name, check, probe, at));
            }
        }
        return checks;
    }

    private static void checkName(String name, int index, Set<String> names, CompileContext at) {
        if (name.isEmpty()) {
            at.error(
                    "health check at index %d is missing a name; all health checks must have a name when multiple health checks are configured"
                            .formatted(index));
        } else if (!names.add(name)) {
            at.at("name")
                    .error(
                            "duplicate health check name '%s' at index %d; all health check names must be unique within a cluster"
                                    .formatted(name, index));
        }
    }

    private static void checkTogether(
            Cluster cluster,
            HealthCheck check,
            DiscoverySpec discovery,
            UpstreamHttpSpec http,
            CompileContext at) {
        if (discovery instanceof DiscoverySpec.OriginalDst) {
            at.error(
                    "hosts of an ORIGINAL_DST cluster are not actively checked",
                    "use outlier_detection");
        }
        if (check.hasGrpcHealthCheck() && http.protocol() == ProtocolChoice.HTTP1) {
            at.error(
                    "%s cluster must support HTTP/2 for gRPC healthchecking"
                            .formatted(cluster.getName()));
        }
    }

    private static void checkNegotiation(
            Cluster cluster, HealthCheck check, TransportSelection transports, CompileContext at) {
        if (!Overlay.of(check.getHttpHealthCheck()).flag("use_alpn_protocol")) {
            return;
        }
        if (check.getHttpHealthCheck().getCodecClientType() == CodecClientType.HTTP3) {
            at.at("codec_client_type")
                    .error(
                            "use_alpn_protocol cannot be combined with codec_client_type HTTP3 for the health check of cluster "
                                    + cluster.getName());
        }
        if (!transports.negotiates()) {
            at.at("use_alpn_protocol")
                    .error(
                            "use_alpn_protocol configured for the health check of cluster %s which has a non-ALPN transport socket"
                                    .formatted(cluster.getName()));
        }
    }

    private static HealthCheckSpec compile(
            String name, HealthCheck check, HealthCheckSpec.Probe probe, CompileContext at) {
        return new HealthCheckSpec(
                name,
                probe,
                Durations.millis(check.getTimeout(), at.at("timeout")),
                intervals(check, at),
                count(check.getUnhealthyThreshold()),
                count(check.getHealthyThreshold()),
                !check.hasReuseConnection() || check.getReuseConnection().getValue(),
                List.copyOf(check.getTlsOptions().getAlpnProtocolsList()),
                check.hasTransportSocketMatchCriteria()
                        ? Optional.of(
                                MetadataValues.compile(check.getTransportSocketMatchCriteria()))
                        : Optional.empty(),
                check.getAlwaysLogHealthCheckFailures(),
                check.getAlwaysLogHealthCheckSuccess(),
                events(check, at));
    }

    private static long count(UInt32Value value) {
        return Integer.toUnsignedLong(value.getValue());
    }

    private static Intervals intervals(HealthCheck check, CompileContext at) {
        long interval = Durations.millis(check.getInterval(), at.at("interval"));
        long noTraffic =
                or(
                        check.hasNoTrafficInterval(),
                        check.getNoTrafficInterval(),
                        Intervals.NO_TRAFFIC_MILLIS,
                        at.at("no_traffic_interval"));
        long unhealthy =
                or(
                        check.hasUnhealthyInterval(),
                        check.getUnhealthyInterval(),
                        interval,
                        at.at("unhealthy_interval"));
        return new Intervals(
                interval,
                noTraffic,
                or(
                        check.hasNoTrafficHealthyInterval(),
                        check.getNoTrafficHealthyInterval(),
                        noTraffic,
                        at.at("no_traffic_healthy_interval")),
                unhealthy,
                or(
                        check.hasUnhealthyEdgeInterval(),
                        check.getUnhealthyEdgeInterval(),
                        unhealthy,
                        at.at("unhealthy_edge_interval")),
                or(
                        check.hasHealthyEdgeInterval(),
                        check.getHealthyEdgeInterval(),
                        interval,
                        at.at("healthy_edge_interval")),
                or(check.hasInitialJitter(), check.getInitialJitter(), 0, at.at("initial_jitter")),
                or(
                        check.hasIntervalJitter(),
                        check.getIntervalJitter(),
                        0,
                        at.at("interval_jitter")),
                Integer.toUnsignedLong(check.getIntervalJitterPercent()));
    }

    private static long or(
            boolean present, Duration duration, long otherwise, CompileContext context) {
        return Durations.millis(present, duration, otherwise, context);
    }

    @SuppressWarnings("deprecation") // event_log_path is still in use
    private static List<LineLog> events(HealthCheck check, CompileContext at) {
        List<LineLog> logs = new ArrayList<>();
        if (!check.getEventLogPath().isEmpty()) {
            LineLog log = LineLogs.open(check.getEventLogPath(), at.at("event_log_path"));
            if (log != null) {
                logs.add(log);
            }
        }
        for (int i = 0; i < check.getEventLoggerCount(); i++) {
            TypedExtensionConfig sink = check.getEventLogger(i);
            LineLog log =
                    at.at("event_logger", i)
                            .at("typed_config")
                            .extension(
                                    ExtensionCategory.HEALTH_CHECK_EVENT_SINK,
                                    LineLog.class,
                                    sink.getName(),
                                    sink.getTypedConfig());
            if (log != null) {
                logs.add(log);
            }
        }
        return logs;
    }
}
