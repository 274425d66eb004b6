package dev.attache.agent.bootstrap;

import dev.attache.agent.bootstrap.node.Node;
import dev.attache.agent.document.Json;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.mesh.HostPort;
import dev.attache.agent.mesh.ProxyConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a template of a bootstrap is given, by the names that Istio's agent has for it ({@code
 * pkg/bootstrap/option}). One use each.
 */
final class BootstrapParameters {

    /** Where {@code NODE_AGENT}s of others serve certificates from files. */
    private static final String FILE_SOCKET = "./var/run/secrets/credential-uds/files-socket";

    private static final String MAX_CONNECTIONS = "ISTIO_META_GLOBAL_DOWNSTREAM_MAX_CONNECTIONS";
    private static final String MAX_CONNECTIONS_RUNTIME =
            "overload.global_downstream_max_connections";

    private final Node node;
    private final ProxyConfig config;
    private final Environment environment;
    private final Map<String, Object> parameters = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();

    BootstrapParameters(Node node, ProxyConfig config, Environment environment) {
        this.node = node;
        this.config = config;
        this.environment = environment;
    }

    /**
     * All of them.
     *
     * @param logJson whether the proxy's log is JSON
     * @param dataAddresses what connections of the proxy are bound to; empty for what routes say
     * @throws IllegalArgumentException if an address has no port, naming which
     */
    Map<String, Object> all(boolean logJson, List<String> dataAddresses) {
        identity();
        families();
        parameters.put("log_json", logJson);
        parameters.put("data_addresses", dataAddresses);
        put("custom_file_path", node.hasRaw("file-credential") ? FILE_SOCKET : "");
        put("outlier_log_path", node.text("OUTLIER_LOG_PATH"));
        put("load_stats_config_json_str", node.text("LOAD_STATS_CONFIG_JSON"));
        new StatsParameters(node, config, warnings).addTo(parameters);
        ports();
        limits();
        new ServiceParameters(node, config, environment.text("HOST_IP", "")).addTo(parameters);
        parameters.put("runtime_flags", Json.print(runtimeFlags()));
        return parameters;
    }

    List<String> warnings() {
        return warnings;
    }

    private void identity() {
        String address = config.discoveryAddress();
        parameters.put("nodeID", node.id());
        parameters.put("nodeType", node.type());
        parameters.put("cluster", node.cluster());
        parameters.put("metadata", node.metadata());
        parameters.put("meta_json_str", Json.print(node.metadata().tree()));
        parameters.put(
                "config",
                new MessageView(
                        "*model.NodeMetaProxyConfig", "mesh.v1alpha1.ProxyConfig", config.tree()));
        parameters.put("discovery_address", address);
        parameters.put(
                "discovery_host", address.indexOf(':') < 0 ? address : address.split(":", -1)[0]);
        parameters.put(
                "pilot_SAN",
                Json.print(
                        node.controlPlaneNames().stream()
                                .map(name -> Map.of("exact", name))
                                .toList()));
        parameters.put("xds_root_cert", environment.text("XDS_ROOT_CA", ""));
        put("region", node.locality().region());
        put("zone", node.locality().zone());
        put("sub_zone", node.locality().subZone());
        boolean waypoint = node.type().equals("waypoint");
        boolean delta = waypoint || environment.truth("ISTIO_DELTA_XDS", true);
        parameters.put("xds_type", delta ? "DELTA_GRPC" : "GRPC");
        parameters.put(
                "metadata_discovery", delta && (waypoint || node.truth("METADATA_DISCOVERY")));
        Map<String, Object> platform = node.platformMetadata();
        put("gcp_project_number", String.valueOf(platform.getOrDefault("gcp_project_number", "")));
    }

    private void families() {
        boolean wanted = environment.truth("ISTIO_DUAL_STACK", false);
        boolean dual = node.addresses().isDual(wanted);
        boolean v6 = node.addresses().servesAtV6(wanted);
        parameters.put("localhost", v6 ? "::1" : "127.0.0.1");
        parameters.put("wildcard", v6 ? "::" : "0.0.0.0");
        parameters.put("dns_lookup_family", dual ? "ALL" : v6 ? "V6_ONLY" : "V4_ONLY");
        if (dual) {
            parameters.put("dual_stack", true);
            parameters.put("additional_localhost", v6 ? "127.0.0.1" : "::1");
            parameters.put("additional_wildcard", v6 ? "0.0.0.0" : "::");
        }
    }

    private void ports() {
        parameters.put("envoy_status_port", (long) node.statusPort());
        parameters.put("envoy_prometheus_port", (long) node.prometheusPort());
        if (node.secureMetricsPort() != 0) {
            parameters.put("secure_metrics_port", (long) node.secureMetricsPort());
        }
        if (node.secureMergedMetricsPort() != 0) {
            parameters.put("secure_merged_metrics_port", (long) node.secureMergedMetricsPort());
        }
        parameters.put(
                "metrics_localhost_access_only",
                "true".equals(config.proxyMetadata().get("METRICS_LOCALHOST_ACCESS_ONLY")));
        if (environment.truth("ENVOY_STATUS_PORT_ENABLE_PROXY_PROTOCOL", false)) {
            parameters.put("envoy_status_port_enable_proxy_protocol", true);
        }
        parameters.put("workload_identity_socket_file", node.text("WORKLOAD_IDENTITY_SOCKET_FILE"));
        String tokens = node.text("STS_PORT");
        if (tokens.matches("[1-9][0-9]{0,4}")) {
            parameters.put("sts", true);
            parameters.put("sts_port", Long.parseLong(tokens));
            put(
                    "gcp_project_id",
                    String.valueOf(node.platformMetadata().getOrDefault("gcp_project", "")));
        }
    }

    private void limits() {
        Map<String, Object> settings = config.message("connectionSettings");
        Object limit = settings == null ? null : settings.get("globalDownstreamConnectionLimit");
        String stated =
                limit instanceof Long number && number > 0
                        ? number.toString()
                        : config.proxyMetadata().getOrDefault(MAX_CONNECTIONS, "");
        if (!whole(stated)) {
            stated = config.runtimeValues().getOrDefault(MAX_CONNECTIONS_RUNTIME, "");
        }
        parameters.put(
                "global_downstream_max_connections",
                whole(stated) ? Long.parseLong(stated) : Integer.MAX_VALUE);
        if (node.truth("ENABLE_SELF_DISCOVERY")) {
            parameters.put("enable_self_discovery", true);
        }
    }

    private static boolean whole(String text) {
        return text.matches("[-+]?[0-9]{1,18}");
    }

    private Map<String, Object> runtimeFlags() {
        Map<String, Object> flags = new TreeMap<>();
        flags.put("re2.max_program_size.error_level", "32768");
        flags.put(
                "envoy.deprecated_features:envoy.config.listener.v3.Listener"
                        + ".hidden_envoy_deprecated_use_original_dst",
                true);
        flags.put("envoy.reloadable_features.http_reject_path_with_fragment", false);
        flags.put("envoy.reloadable_features.fixed_heap_use_allocated", true);
        flags.put("envoy.reloadable_features.coalesce_lb_rebuilds_on_batch_update", false);
        if (environment.text("COMPLIANCE_POLICY", "").equals("fips-140-2")) {
            flags.put("envoy.reloadable_features.google_grpc_disable_tls_13", true);
        }
        if (!environment.truth("HTTP_STRIP_FRAGMENT_FROM_PATH_UNSAFE_IF_DISABLED", true)) {
            flags.put(
                    "envoy.reloadable_features.http_strip_fragment_from_path_unsafe_if_disabled",
                    "false");
        }
        config.runtimeValues()
                .forEach((name, value) -> {
                    switch (value) {
                        case "" -> flags.remove(name);
                        case "true" -> flags.put(name, true);
                        case "false" -> flags.put(name, false);
                        default -> flags.put(name, value);
                    }
                });
        return flags;
    }

    private void put(String name, String value) {
        if (!value.isEmpty()) {
            parameters.put(name, value);
        }
    }

    /**
     * An address as {@code envoy.config.core.v3.SocketAddress} in JSON.
     *
     * @param what it is, for errors
     * @param hostIp what stands for {@code $(HOST_IP)}
     */
    static String socketAddress(String what, String address, String hostIp) {
        HostPort parsed;
        try {
            parsed = HostPort.parse(address);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "unable to parse " + what + " address \"" + address + "\": " + e.getMessage(),
                    e);
        }
        boolean machine = parsed.host().equals("$(HOST_IP)") && !hostIp.isEmpty();
        return "{\"address\": "
                + Json.quote(machine ? hostIp : parsed.host())
                + ", \"port_value\": "
                + parsed.port()
                + "}";
    }
}
