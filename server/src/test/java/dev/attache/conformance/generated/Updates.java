package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.List;

/**
 * Configuration that changes between requests: routes, endpoints, secrets, clusters and listeners
 * from files; changed, removed, and refused while the old ones go on serving.
 */
final class Updates implements Area {
    @Override
    public void write(Draft draft) {
        switch (draft.chance().of("routes", "endpoints", "secrets", "clusters", "listeners")) {
            case "routes" -> routes(draft);
            case "endpoints" -> endpoints(draft);
            case "secrets" -> secrets(draft);
            case "clusters" -> clusters(draft);
            default -> listeners(draft);
        }
    }

    private static void routes(Draft draft) {
        Chance chance = draft.chance();
        upstreams(draft, chance);
        draft.merge("bootstrap_extra", "{node: {id: conformance, cluster: conformance}}");
        draft.entry("files", "routes.json", routeFile(chance, true));
        draft.merge(
                "hcm",
                "{rds: {route_config_name: $routes, config_source: {resource_api_version: V3,"
                        + " path_config_source: {path: '${dir}/$self_routes.json'}}}}");
        for (int i = chance.between(2, 4); i > 0; i--) {
            requests(draft, chance);
            draft.step(
                    "{file: {name: $self_routes.json, counters: http.$self.rds.$routes., content: %s}}"
                            .formatted(routeFile(chance, chance.in(65))));
        }
        requests(draft, chance);
    }

    private static String routeFile(Chance chance, boolean good) {
        String route =
                chance.of(
                        "{match: {prefix: /x}, direct_response: {status: 418, body: {inline_string:"
                                + " teapot}}}",
                        "{match: {prefix: /x}, route: {cluster: $b, prefix_rewrite: /y}}",
                        "{match: {prefix: /x}, redirect: {path_redirect: /z}}");
        String bad =
                chance.of(
                        "{match: {safe_regex: {regex: '('}}, route: {cluster: $a}}",
                        "{match: {prefix: /}, route: {cluster: $a, cluster_header: x}}",
                        "{match: {prefix: /}}",
                        "{match: {prefix: /}, route: {cluster: ''}}");
        return """
        {resources: [{'@type': type.googleapis.com/envoy.config.route.v3.RouteConfiguration, name: $routes,
          virtual_hosts: [{name: $self, domains: ['%s'], routes: [%s, {match: {prefix: /}, route: {cluster: %s}}]}]%s}]}
        """
                .formatted(
                        chance.of("*", "*", "example.test"),
                        good ? route : bad,
                        chance.of("$a", "$b", "$gone"),
                        chance.in(40)
                                ? ", response_headers_to_add: [{header: {key: x-version, value: '%d'}}]"
                                        .formatted(chance.between(1, 9))
                                : "");
    }

    private static void endpoints(Draft draft) {
        Chance chance = draft.chance();
        upstreams(draft, chance);
        draft.merge("bootstrap_extra", "{node: {id: conformance, cluster: conformance}}");
        draft.entry("files", "endpoints.json", endpointFile(chance, true));
        draft.cluster(
                "c",
                """
                {type: EDS, connect_timeout: 2s, common_lb_config: {healthy_panic_threshold: {value: %d}},
                 eds_cluster_config: {eds_config: {resource_api_version: V3, path_config_source: {path: '${dir}/$self_endpoints.json'}}}}
                """
                        .formatted(chance.of(0, 50)));
        draft.route("{match: {prefix: /}, route: {cluster: $c}}");
        for (int i = chance.between(2, 4); i > 0; i--) {
            requests(draft, chance);
            draft.step(
                    "{file: {name: $self_endpoints.json, counters: cluster.$c., content: %s}}"
                            .formatted(endpointFile(chance, chance.in(70))));
        }
        requests(draft, chance);
    }

    private static String endpointFile(Chance chance, boolean good) {
        String host =
                "{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: %s}}},"
                        + " health_status: %s}";
        List<String> localities = new ArrayList<>();
        String first = chance.of("a", "b");
        localities.add(
                "{lb_endpoints: [%s]}"
                        .formatted(
                                chance.in(85)
                                        ? host.formatted(
                                                "'${upstream.$%s.port.0}'".formatted(first),
                                                chance.of(
                                                        "HEALTHY",
                                                        "UNKNOWN",
                                                        "UNHEALTHY",
                                                        "DRAINING",
                                                        "DEGRADED",
                                                        "TIMEOUT"))
                                        : ""));
        if (chance.in(50)) {
            localities.add(
                    "{priority: 1, lb_endpoints: [%s]}"
                            .formatted(
                                    host.formatted(
                                            "'${upstream.$%s.port.0}'"
                                                    .formatted(first.equals("a") ? "b" : "a"),
                                            chance.of("HEALTHY", "HEALTHY", "UNHEALTHY"))));
        }
        if (!good) {
            localities.add(
                    chance.of(
                            "{priority: 3, lb_endpoints: []}",
                            "{priority: 200, lb_endpoints: []}",
                            "{lb_endpoints: [{endpoint: {address: {socket_address: {address:"
                                    + " no.name, port_value: 1}}}}]}"));
        }
        return "{resources: [{'@type': type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment, cluster_name: %s, endpoints: [%s]%s}]}"
                .formatted(
                        good || chance.in(70) ? "$c" : "$other",
                        String.join(", ", localities),
                        chance.in(15) ? ", policy: {overprovisioning_factor: 100}" : "");
    }

    private static void secrets(Draft draft) {
        Chance chance = draft.chance();
        upstreams(draft, chance);
        draft.merge("bootstrap_extra", "{node: {id: conformance, cluster: conformance}}");
        draft.entry("files", "secret.json", secretFile(chance, true));
        draft.merge(
                "tls",
                "{common_tls_context: {tls_certificate_sds_secret_configs: [{name: $secret,"
                        + " sds_config: {resource_api_version: V3, path_config_source: {path:"
                        + " '${dir}/$self_secret.json'}}}]}}");
        draft.merge(
                "access_log_format",
                "{subject: '%DOWNSTREAM_LOCAL_SUBJECT%', uri: '%DOWNSTREAM_LOCAL_URI_SAN%'}");
        draft.route("{match: {prefix: /}, route: {cluster: $a}}");
        for (int i = chance.between(2, 4); i > 0; i--) {
            secure(draft, chance);
            draft.step(
                    "{file: {name: $self_secret.json, counters: sds.$secret., content: %s}}"
                            .formatted(secretFile(chance, chance.in(65))));
        }
        secure(draft, chance);
    }

    private static void secure(Draft draft, Chance chance) {
        new Requests(chance, "h1", "/")
                .with("tls", java.util.Map.of("sni", "server.test"))
                .addTo(draft);
    }

    private static String secretFile(Chance chance, boolean good) {
        String name = chance.of("server", "server2", "upstream");
        return "{resources: [{'@type': type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret, name: %s, tls_certificate: {certificate_chain: {filename: '${cert.%s}'}, private_key: {filename: '${%s}'}}}]}"
                .formatted(
                        good || chance.in(60) ? "$secret" : "$wrong",
                        name,
                        good
                                ? "key." + name
                                : chance.of("key.client", "cert.client", "key." + name));
    }

    private static void clusters(Draft draft) {
        Chance chance = draft.chance();
        upstreams(draft, chance);
        draft.merge("route_config", "{validate_clusters: false}");
        draft.merge("dynamic_clusters", "[%s]".formatted(clusterList(chance, true)));
        draft.route(
                "{match: {prefix: /e}, route: {cluster: $e, cluster_not_found_response_code: %s}}"
                        .formatted(chance.of("NOT_FOUND", "SERVICE_UNAVAILABLE")));
        draft.route("{match: {prefix: /}, route: {cluster: $d}}");
        for (int i = chance.between(2, 4); i > 0; i--) {
            dynamicRequests(draft, chance);
            draft.step(
                    "{resources: {kind: clusters, counters: cluster_manager.cds., resources: [%s]}}"
                            .formatted(clusterList(chance, chance.in(70))));
        }
        dynamicRequests(draft, chance);
        draft.step(
                "{resources: {kind: clusters, counters: cluster_manager.cds., resources: [%s]}}"
                        .formatted(cluster(chance, "$d", "")));
        dynamicRequests(draft, chance);
    }

    private static String clusterList(Chance chance, boolean good) {
        List<String> list = new ArrayList<>();
        if (chance.in(75)) {
            list.add(
                    cluster(
                            chance,
                            "$d",
                            chance.of(
                                    "",
                                    ", lb_policy: LEAST_REQUEST",
                                    ", lb_policy: RANDOM",
                                    ", circuit_breakers: {thresholds: [{max_requests: 0}]}")));
        }
        if (chance.in(60)) {
            list.add(cluster(chance, "$e", ""));
        }
        if (!good) {
            list.add(
                    chance.of(
                            cluster(chance, "$f", ", lb_policy: CLUSTER_PROVIDED"),
                            "{name: $f, type: STATIC, connect_timeout: 0s}",
                            "{name: $f, type: EDS, connect_timeout: 1s}",
                            cluster(
                                    chance,
                                    "$f",
                                    ", health_checks: [{timeout: 1s, interval: 1s}]")));
        }
        return String.join(", ", list);
    }

    private static String cluster(Chance chance, String name, String more) {
        return "{name: %s, type: STATIC, connect_timeout: 2s%s, load_assignment: {cluster_name: %s, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: '${upstream.%s.port.0}'}}}}]}]}}"
                .formatted(name, more, name, chance.of("$a", "$b"));
    }

    private static void listeners(Draft draft) {
        Chance chance = draft.chance();
        upstreams(draft, chance);
        draft.merge("ports", "[dyn]");
        draft.merge("dynamic_listeners", "[%s]".formatted(listener(chance, true)));
        for (int i = chance.between(2, 4); i > 0; i--) {
            if (chance.in(80)) {
                draft.step("{h1: {path: /, to: port.dyn}}");
            }
            boolean removed = chance.in(20);
            draft.step(
                    "{resources: {kind: listeners, counters: listener_manager.lds., resources: [%s]}}"
                            .formatted(removed ? "" : listener(chance, chance.in(70))));
            draft.step("{wait_ms: 150}");
            draft.step("{h1: {path: /after, to: port.dyn}}");
        }
        draft.step(
                "{resources: {kind: listeners, counters: listener_manager.lds., resources: []}}");
        draft.step("{wait_ms: 150}");
        draft.step("{h1: {path: /gone, to: port.dyn}}");
    }

    private static String listener(Chance chance, boolean good) {
        String manager =
                "{name: hcm, typed_config: {'@type':"
                        + " type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager,"
                        + " stat_prefix: $dyn, http_filters: [{name: router, typed_config: {'@type':"
                        + " type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}],"
                        + " route_config: {virtual_hosts: [{name: v, domains: ['*'], routes: [{match:"
                        + " {prefix: %s}, route: {cluster: %s}}]}]}}}";
        String filter =
                good
                        ? chance.of(
                                manager.formatted("/", "$a"),
                                manager.formatted("/", "$b"),
                                manager.formatted("/none", "$b"),
                                "{name: d, typed_config: {'@type':"
                                        + " type.googleapis.com/envoy.extensions.filters.network.direct_response.v3.Config,"
                                        + " response: {inline_string: 'HTTP/1.1 204"
                                        + " direct\\r\\n\\r\\n'}}}")
                        : chance.of(
                                manager.formatted("/", "''"),
                                "{name: d, typed_config: {'@type':"
                                        + " type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy,"
                                        + " stat_prefix: x}}",
                                "{name: envoy.filters.network.nothing}");
        return "{name: $dyn, stat_prefix: $dyn, address: {socket_address: {address: 127.0.0.1, port_value: '${port.dyn}'}}, %sfilter_chains: [{filters: [%s]}]}"
                .formatted(
                        chance.in(30) ? "per_connection_buffer_limit_bytes: 9000, " : "", filter);
    }

    private static void upstreams(Draft draft, Chance chance) {
        draft.upstream("a", "{}");
        draft.upstream("b", "{protocol: %s}".formatted(chance.of("h1", "h1")));
    }

    private static void requests(Draft draft, Chance chance) {
        for (int i = chance.between(1, 2); i > 0; i--) {
            new Requests(chance, chance.of("/", "/x", "/x/1")).addTo(draft);
        }
    }

    private static void dynamicRequests(Draft draft, Chance chance) {
        new Requests(chance, chance.of("/", "/e")).addTo(draft);
        if (chance.in(50)) {
            new Requests(chance, "/e").addTo(draft);
        }
    }
}
