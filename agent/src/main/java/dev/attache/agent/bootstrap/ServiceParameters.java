package dev.attache.agent.bootstrap;

import dev.attache.agent.bootstrap.node.Node;
import dev.attache.agent.document.Json;
import dev.attache.agent.mesh.ProxyConfig;
import java.util.Map;

/** The services that the proxy reports to: tracing, statistics, access logs. One use each. */
final class ServiceParameters {

    /** The file, beside the bootstrap, that holds a token of Lightstep. */
    static final String LIGHTSTEP_FILE = "lightstep_access_token.txt";

    private static final long MOST = 200;

    private final Node node;
    private final ProxyConfig config;
    private final String hostIp;

    ServiceParameters(Node node, ProxyConfig config, String hostIp) {
        this.node = node;
        this.config = config;
        this.hostIp = hostIp;
    }

    void addTo(Map<String, Object> parameters) {
        address(parameters, "pilot_grpc_address", config.discoveryAddress());
        address(parameters, "statsd", config.text("statsdUdpAddress"));
        Map<String, Object> tracing = config.message("tracing");
        if (tracing != null) {
            tracing(parameters, tracing);
        }
        Map<String, Object> metrics = config.message("envoyMetricsService");
        if (metrics != null && !text(metrics, "address").isEmpty()) {
            remote(parameters, "envoy_metrics_service", metrics);
        } else {
            address(
                    parameters,
                    "envoy_metrics_service_address",
                    config.text("envoyMetricsServiceAddress"));
        }
        Map<String, Object> logs = config.message("envoyAccessLogService");
        if (logs != null && !text(logs, "address").isEmpty()) {
            remote(parameters, "envoy_accesslog_service", logs);
        }
        parameters.put(
                "envoy_metrics_stats_compression",
                !Boolean.FALSE.equals(config.tree().get("statsCompression")));
    }

    private void remote(Map<String, Object> parameters, String name, Map<String, Object> service) {
        address(parameters, name + "_address", text(service, "address"));
        Map<String, Object> tls = ProxyConfig.message(service, "tlsSettings");
        if (tls != null) {
            socket(parameters, name + "_tls", TlsSettings.transportSocket(tls, name, node, true));
        }
        Map<String, Object> keepalive = ProxyConfig.message(service, "tcpKeepalive");
        if (keepalive != null) {
            parameters.put(
                    name + "_tcp_keepalive", Json.print(TlsSettings.connectionOptions(keepalive)));
        }
    }

    private void tracing(Map<String, Object> parameters, Map<String, Object> tracing) {
        Map<String, Object> lightstep = ProxyConfig.message(tracing, "lightstep");
        for (String kind : new String[] {"zipkin", "lightstep", "datadog"}) {
            Map<String, Object> tracer = ProxyConfig.message(tracing, kind);
            if (tracer != null) {
                address(parameters, kind, text(tracer, "address"));
            }
        }
        if (lightstep != null) {
            parameters.put(
                    "lightstepToken",
                    java.nio.file.Path.of(config.configPath()).normalize() + "/" + LIGHTSTEP_FILE);
        }
        Map<String, Object> stackdriver = ProxyConfig.message(tracing, "stackdriver");
        if (stackdriver != null) {
            stackdriver(parameters, stackdriver);
        }
        Map<String, Object> tls = ProxyConfig.message(tracing, "tlsSettings");
        if (tls != null) {
            socket(
                    parameters,
                    "tracing_tls",
                    TlsSettings.transportSocket(tls, "tracer", node, lightstep != null));
        }
    }

    private void stackdriver(Map<String, Object> parameters, Map<String, Object> tracer) {
        Object project = node.platformMetadata().get("gcp_project");
        if (project == null) {
            throw new IllegalArgumentException(
                    "tracing.stackdriver: unable to process Stackdriver tracer: missing GCP"
                            + " Project; set GCP_METADATA, or name another tracer");
        }
        parameters.put("stackdriver", true);
        parameters.put("stackdriverProjectID", project);
        parameters.put("stackdriverDebug", Boolean.TRUE.equals(tracer.get("debug")));
        parameters.put("stackdriverMaxAnnotations", number(tracer, "maxNumberOfAnnotations"));
        parameters.put("stackdriverMaxAttributes", number(tracer, "maxNumberOfAttributes"));
        parameters.put("stackdriverMaxEvents", number(tracer, "maxNumberOfMessageEvents"));
    }

    private static long number(Map<String, Object> tracer, String field) {
        String value = text(tracer, field);
        return value.isEmpty() ? MOST : Long.parseLong(value);
    }

    private static void socket(
            Map<String, Object> parameters, String name, Map<String, Object> socket) {
        parameters.put(name, socket.isEmpty() ? "" : Json.print(socket));
    }

    private void address(Map<String, Object> parameters, String name, String address) {
        if (!address.isEmpty()) {
            parameters.put(name, BootstrapParameters.socketAddress(name, address, hostIp));
        }
    }

    private static String text(Map<String, Object> message, String field) {
        return message.get(field) instanceof String text ? text : "";
    }
}
