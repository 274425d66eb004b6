package dev.attache.config.cluster;

import dev.attache.config.support.MessageSupport;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;

/** Which fields of {@code health_checks} are honoured. */
final class HealthCheckSupport {
    private HealthCheckSupport() {}

    static MessageSupport check() {
        return MessageSupport.of(HealthCheck.getDescriptor())
                .honoured(
                        "timeout",
                        "interval",
                        "initial_jitter",
                        "interval_jitter",
                        "interval_jitter_percent",
                        "unhealthy_threshold",
                        "healthy_threshold",
                        "reuse_connection",
                        "http_health_check",
                        "tcp_health_check",
                        "grpc_health_check",
                        "no_traffic_interval",
                        "no_traffic_healthy_interval",
                        "unhealthy_interval",
                        "unhealthy_edge_interval",
                        "healthy_edge_interval",
                        "event_log_path",
                        "event_logger",
                        "always_log_health_check_failures",
                        "always_log_health_check_success",
                        "tls_options",
                        "transport_socket_match_criteria")
                .noEffect("Envoy does not look at it either", "alt_port", "event_service")
                .refused(
                        "custom health checkers, Redis and Thrift among them, are not built",
                        "custom_health_check");
    }

    static MessageSupport http() {
        return MessageSupport.whole(HealthCheck.HttpHealthCheck.getDescriptor());
    }
}
