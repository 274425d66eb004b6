package dev.attache.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Expands the short form of a case ({@code hcm}, {@code routes}, {@code clusters}, {@code tcp}, …)
 * into an Envoy bootstrap. A case that says {@code bootstrap} is taken as it stands, with an admin
 * address added when it has none.
 */
final class BootstrapWriter {
    private static final String HCM =
            "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
    private static final String TCP =
            "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy";
    private static final String ROUTER =
            "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router";
    private static final String FILE_LOG =
            "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog";
    private static final String DOWNSTREAM_TLS =
            "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext";
    private static final String HTTP_OPTIONS =
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    private final Map<String, Object> spec;

    BootstrapWriter(Map<String, Object> spec) {
        this.spec = spec;
    }

    /** The bootstrap as a tree, placeholders still inside. */
    @Nullable Object write() {
        Map<String, Object> admin = Map.of("admin", Map.of("address", address("${admin}")));
        if (spec.containsKey("bootstrap")) {
            return Tree.merge(admin, spec.get("bootstrap"));
        }
        List<Object> listeners = new ArrayList<>();
        listeners.add(Tree.merge(listener(), spec.get("listener")));
        listeners.addAll(Tree.list(spec.get("listeners")));
        Map<String, Object> resources = new LinkedHashMap<>();
        resources.put("listeners", listeners);
        resources.put("clusters", clusters());
        Map<String, Object> all = new LinkedHashMap<>(admin);
        all.put("static_resources", resources);
        return Tree.merge(all, spec.get("bootstrap_extra"));
    }

    private Map<String, Object> listener() {
        List<Object> filters = new ArrayList<>(Tree.list(spec.get("network_filters")));
        if (spec.containsKey("tcp")) {
            filters.add(
                    filter(
                            "tcp",
                            Tree.merge(
                                    ordered(
                                            "@type",
                                            TCP,
                                            "stat_prefix",
                                            "tcp",
                                            "access_log",
                                            accessLog()),
                                    spec.get("tcp"))));
        } else if (!Tree.text(spec.get("hcm"), "").equals("none")) {
            filters.add(filter("hcm", hcm()));
        }
        Map<String, Object> chain = new LinkedHashMap<>();
        chain.put("filters", filters);
        if (spec.containsKey("tls")) {
            Map<String, Object> context = ordered("@type", DOWNSTREAM_TLS);
            Object merged = Tree.merge(context, spec.get("tls"));
            chain.put("transport_socket", ordered("name", "tls", "typed_config", merged));
        }
        return ordered(
                "name", "main", "address", address("${listener}"), "filter_chains", List.of(chain));
    }

    private Map<String, Object> hcm() {
        List<Object> httpFilters = new ArrayList<>(Tree.list(spec.get("http_filters")));
        httpFilters.add(filter("router", ordered("@type", ROUTER)));
        Map<String, Object> hcm =
                ordered("@type", HCM, "stat_prefix", "main", "access_log", accessLog());
        hcm.put("http_filters", httpFilters);
        if (!Tree.map(spec.get("hcm")).containsKey("rds")) {
            hcm.put("route_config", Tree.merge(routes(), spec.get("route_config")));
        }
        return Tree.map(Tree.merge(hcm, spec.get("hcm")));
    }

    private Map<String, Object> routes() {
        List<Object> hosts = Tree.list(spec.get("virtual_hosts"));
        if (hosts.isEmpty()) {
            List<Object> routes = Tree.list(spec.get("routes"));
            if (routes.isEmpty()) {
                String first =
                        Tree.map(spec.get("upstreams")).keySet().stream()
                                .findFirst()
                                .orElse("none");
                routes =
                        List.of(
                                ordered(
                                        "match",
                                        Map.of("prefix", "/"),
                                        "route",
                                        Map.of("cluster", first)));
            }
            Map<String, Object> all =
                    ordered("name", "all", "domains", List.of("*"), "routes", routes);
            hosts = List.of(Tree.map(Tree.merge(all, spec.get("virtual_host"))));
        }
        return ordered("name", "routes", "virtual_hosts", hosts);
    }

    private List<Object> accessLog() {
        if (spec.containsKey("access_log")) {
            return Tree.list(spec.get("access_log"));
        }
        Map<String, Object> format = new LinkedHashMap<>();
        if (spec.containsKey("access_log_text")) {
            String text = Tree.text(spec.get("access_log_text"), "");
            format.put("text_format_source", Map.of("inline_string", text));
        } else if (!spec.containsKey("access_log_default")) {
            format.put("json_format", Tree.merge(standardFields(), spec.get("access_log_format")));
        }
        Map<String, Object> log = ordered("@type", FILE_LOG, "path", "${log}");
        if (!format.isEmpty()) {
            log.put("log_format", format);
        }
        return List.of(filter("file", log));
    }

    private Map<String, Object> standardFields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("flags", "%RESPONSE_FLAGS%");
        fields.put("cluster", "%UPSTREAM_CLUSTER%");
        fields.put("failure", "%UPSTREAM_TRANSPORT_FAILURE_REASON%");
        fields.put("rx", "%BYTES_RECEIVED%");
        fields.put("tx", "%BYTES_SENT%");
        if (!spec.containsKey("tcp")) {
            fields.put("status", "%RESPONSE_CODE%");
            fields.put("details", "%RESPONSE_CODE_DETAILS%");
            fields.put("protocol", "%PROTOCOL%");
            fields.put("method", "%REQ(:METHOD)%");
            fields.put("path", "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%");
            fields.put("route", "%ROUTE_NAME%");
            fields.put("attempts", "%UPSTREAM_REQUEST_ATTEMPT_COUNT%");
        }
        fields.put("terminated", "%CONNECTION_TERMINATION_DETAILS%");
        return fields;
    }

    private List<Object> clusters() {
        Map<String, Object> upstreams = Tree.map(spec.get("upstreams"));
        Map<String, Object> overrides = new LinkedHashMap<>(Tree.map(spec.get("clusters")));
        List<Object> clusters = new ArrayList<>();
        upstreams.forEach((name, upstream) -> {
            Object override = overrides.remove(name);
            if (!"none".equals(override)) {
                clusters.add(Tree.merge(cluster(name, Tree.map(upstream)), override));
            }
        });
        overrides.forEach(
                (name, cluster) -> clusters.add(Tree.merge(Map.of("name", name), cluster)));
        return clusters;
    }

    private static Map<String, Object> cluster(String name, Map<String, Object> upstream) {
        List<Object> endpoints = new ArrayList<>();
        for (int i = 0; i < Tree.number(upstream.get("hosts"), 1); i++) {
            Object address = address("${upstream." + name + ".port." + i + "}");
            endpoints.add(Map.of("endpoint", Map.of("address", address)));
        }
        Map<String, Object> cluster =
                ordered("name", name, "type", "STATIC", "connect_timeout", "10s");
        cluster.put(
                "load_assignment",
                ordered(
                        "cluster_name",
                        name,
                        "endpoints",
                        List.of(Map.of("lb_endpoints", endpoints))));
        if (Tree.text(upstream.get("protocol"), "h1").equals("h2")) {
            Map<String, Object> options =
                    ordered(
                            "@type",
                            "type.googleapis.com/" + HTTP_OPTIONS,
                            "explicit_http_config",
                            Map.of("http2_protocol_options", Map.of()));
            cluster.put("typed_extension_protocol_options", ordered(HTTP_OPTIONS, options));
        }
        return cluster;
    }

    private static Map<String, Object> address(String port) {
        return Map.of("socket_address", ordered("address", "127.0.0.1", "port_value", port));
    }

    private static Map<String, Object> filter(String name, @Nullable Object config) {
        return ordered("name", name, "typed_config", config);
    }

    private static Map<String, Object> ordered(@Nullable Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
        }
        return map;
    }
}
