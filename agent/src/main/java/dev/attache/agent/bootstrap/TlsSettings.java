package dev.attache.agent.bootstrap;

import dev.attache.agent.bootstrap.node.Node;
import dev.attache.agent.mesh.ProxyConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Istio's ClientTLSSettings as a transport socket, whose secrets come from the agent. */
final class TlsSettings {

    private static final String TYPE =
            "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext";

    private TlsSettings() {}

    /**
     * The transport socket in JSON; an empty map where TLS is off.
     *
     * @param sni of a workload's own certificate, where none is said
     * @param http2 whether the peer is offered HTTP/2
     */
    static Map<String, Object> transportSocket(
            Map<String, Object> tls, String sni, Node node, boolean http2) {
        String mode = text(tls, "mode");
        String name = text(tls, "sni");
        Map<String, Object> common = new LinkedHashMap<>();
        switch (mode) {
            case "SIMPLE" ->
                    common.put("combined_validation_context", validation(tls, root(tls, node)));
            case "MUTUAL" -> {
                String chain =
                        or(node.text("TLS_CLIENT_CERT_CHAIN"), text(tls, "clientCertificate"));
                String key = or(node.text("TLS_CLIENT_KEY"), text(tls, "privateKey"));
                if (!chain.isEmpty() && !key.isEmpty()) {
                    common.put(
                            "tls_certificate_sds_secret_configs",
                            List.of(secret("file-cert:" + chain + "~" + key, false)));
                }
                common.put("combined_validation_context", validation(tls, root(tls, node)));
            }
            case "ISTIO_MUTUAL" -> {
                common.put("tls_certificate_sds_secret_configs", List.of(secret("default", true)));
                common.put("combined_validation_context", validation(tls, "ROOTCA"));
                name = name.isEmpty() ? sni : name;
            }
            default -> {
                return Map.of();
            }
        }
        if (http2) {
            common.put(
                    "alpn_protocols",
                    mode.equals("ISTIO_MUTUAL") ? List.of("istio", "h2") : List.of("h2"));
        }
        return socket(common, name);
    }

    private static Map<String, Object> socket(Map<String, Object> common, String sni) {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("@type", TYPE);
        context.put("common_tls_context", common);
        if (!sni.isEmpty()) {
            context.put("sni", sni);
        }
        Map<String, Object> socket = new LinkedHashMap<>();
        socket.put("name", "envoy.transport_sockets.tls");
        socket.put("typed_config", context);
        return socket;
    }

    private static Map<String, Object> validation(Map<String, Object> tls, String root) {
        Map<String, Object> defaults = new LinkedHashMap<>();
        if (tls.get("subjectAltNames") instanceof List<?> names && !names.isEmpty()) {
            defaults.put(
                    "match_subject_alt_names",
                    names.stream().map(name -> Map.of("exact", name)).toList());
        }
        Map<String, Object> validation = new LinkedHashMap<>();
        validation.put("default_validation_context", defaults);
        if (!root.isEmpty()) {
            validation.put(
                    "validation_context_sds_secret_config", secret(root, root.equals("ROOTCA")));
        }
        return validation;
    }

    /** The name of a file's secret; empty where no file is named. */
    private static String root(Map<String, Object> tls, Node node) {
        String file = or(node.text("TLS_CLIENT_ROOT_CERT"), text(tls, "caCertificates"));
        return file.isEmpty() ? "" : "file-root:" + file;
    }

    /**
     * @param own the workload's identity, which is waited for without limit
     */
    private static Map<String, Object> secret(String name, boolean own) {
        Map<String, Object> source = new LinkedHashMap<>();
        source.put(
                "api_config_source",
                Map.of(
                        "api_type",
                        "GRPC",
                        "set_node_on_first_message_only",
                        true,
                        "transport_api_version",
                        "V3",
                        "grpc_services",
                        List.of(Map.of("envoy_grpc", Map.of("cluster_name", "sds-grpc")))));
        source.put("resource_api_version", "V3");
        if (own) {
            source.put("initial_fetch_timeout", "0s");
        }
        return Map.of("name", name, "sds_config", source);
    }

    /** Keepalive of a connection, as Envoy's options of upstream connections; may be empty. */
    static Map<String, Object> connectionOptions(Map<String, Object> keepalive) {
        Map<String, Object> options = new LinkedHashMap<>();
        if (keepalive.get("probes") instanceof Long probes && probes > 0) {
            options.put("keepalive_probes", probes);
        }
        for (String name : List.of("time", "interval")) {
            String value = text(keepalive, name);
            long seconds =
                    value.isEmpty()
                            ? 0
                            : dev.attache.agent.environment.GoDuration.parse(value).getSeconds();
            if (seconds > 0) {
                options.put("keepalive_" + name, seconds);
            }
        }
        return Map.of("tcp_keepalive", options);
    }

    private static String or(String first, String second) {
        return first.isEmpty() ? second : first;
    }

    private static String text(Map<String, Object> message, String field) {
        return message.get(field) instanceof String text ? text : "";
    }

    /** The message in a field; null where there is none. */
    static @org.jspecify.annotations.Nullable Map<String, Object> of(
            Map<String, Object> parent, String field) {
        return ProxyConfig.message(parent, field);
    }
}
