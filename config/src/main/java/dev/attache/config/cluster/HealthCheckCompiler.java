package dev.attache.config.cluster;

import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.attache.config.accesslog.LineLogs;
import dev.attache.config.core.Durations;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.proxy.accesslog.LineLog;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.upstream.spec.HealthCheckSpec;
import dev.attache.proxy.upstream.spec.HealthCheckSpec.Intervals;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec.ProtocolChoice;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code health_checks} of a cluster: one at most, as in Envoy. */
final class HealthCheckCompiler {
    private HealthCheckCompiler() {}

    static @Nullable HealthCheckSpec compile(
            Cluster cluster,
            DiscoverySpec discovery,
            UpstreamHttpSpec http,
            CompileContext context) {
        if (cluster.getHealthChecksCount() == 0) {
            return null;
        }
        CompileContext at = context.at("health_checks", 0);
        if (cluster.getHealthChecksCount() > 1) {
            context.at("health_checks").error("Multiple health checks not supported");
            return null;
        }
        if (discovery instanceof DiscoverySpec.OriginalDst) {
            at.error(
                    "hosts of an ORIGINAL_DST cluster are not actively checked",
                    "use outlier_detection");
            return null;
        }
        HealthCheck check = cluster.getHealthChecks(0);
        if (check.hasGrpcHealthCheck() && http.protocol() == ProtocolChoice.HTTP1) {
            at.error(
                    "%s cluster must support HTTP/2 for gRPC healthchecking"
                            .formatted(cluster.getName()));
        }
        HealthCheckSpec.Probe probe = ProbeCompiler.compile(check, at);
        if (probe == null) {
            return null;
        }
        return new HealthCheckSpec(
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
