package dev.attache.conformance.generated;

import java.util.List;

/**
 * Tables of routes of every kind of condition, behind domains of every kind, that lead to clusters
 * of every policy: what there is to explain. Not among the areas that are played beside Envoy,
 * whose seeds it would move.
 */
final class RouteTables implements Area {

    private static final List<List<String>> DOMAINS =
            List.of(
                    List.of("a.test", "*.a.test"),
                    List.of("b.*", "b.test:8080"),
                    List.of("c.a.test", "C.Example"),
                    List.of("*"));

    private static final String PATHS =
            "/|/x|/x/y|/x/y/z|/X|/xy|/q?k=v|/x?k=w|/x?k|/v1/items/7|/v1/items|/grpc.S/M|/x;p=1/y";

    @Override
    public void write(Draft draft) {
        Chance chance = draft.chance();
        draft.upstream("a", "{hosts: 3}");
        draft.upstream("h", "{hosts: 4}");
        draft.cluster("h", "{lb_policy: %s}".formatted(chance.of("RING_HASH", "MAGLEV")));
        draft.upstream("p", "{hosts: 4}");
        draft.cluster(
                "p",
                "{common_lb_config: {healthy_panic_threshold: {value: %d}}}"
                        .formatted(chance.of(0, 50)));
        draft.upstream("s", "{hosts: 4}");
        draft.cluster(
                "s",
                "{lb_subset_config: {fallback_policy: %s, subset_selectors: [{keys: [tier]}]}}"
                        .formatted(chance.of("ANY_ENDPOINT", "NO_FALLBACK")));
        draft.upstream("w", "{hosts: 4}");
        draft.cluster("w", "{common_lb_config: {locality_weighted_lb_config: {}}}");
        draft.merge(
                "route_config",
                ("{validate_clusters: false, ignore_path_parameters_in_path_matching: %s,"
                                + " ignore_port_in_host_matching: %s}")
                        .formatted(chance.in(30), chance.in(30)));
        draft.merge("virtual_hosts", "[" + String.join(", ", hosts(chance)) + "]");
        for (int i = 0; i < 24; i++) {
            request(chance).addTo(draft);
        }
    }

    private static List<String> hosts(Chance chance) {
        List<String> hosts = new java.util.ArrayList<>();
        for (int i = 0; i < DOMAINS.size(); i++) {
            if (i < DOMAINS.size() - 1 || chance.in(70)) {
                hosts.add(host("h" + i, DOMAINS.get(i), chance));
            }
        }
        return hosts;
    }

    private static String host(String name, List<String> domains, Chance chance) {
        StringBuilder routes = new StringBuilder();
        for (int i = chance.between(2, 14); i > 0; i--) {
            routes.append(route(name + "r" + i, chance)).append(i > 1 ? ", " : "");
        }
        String listed = "\"" + String.join("\", \"", domains) + "\"";
        return "{name: %s, domains: [%s], require_tls: %s, routes: [%s]}"
                .formatted(
                        name,
                        listed,
                        chance.of("NONE", "NONE", "NONE", "NONE", "EXTERNAL_ONLY"),
                        routes);
    }

    private static String route(String name, Chance chance) {
        return "{name: %s, match: {%s%s}, %s}"
                .formatted(name, path(chance), conditions(chance), action(chance));
    }

    private static String path(Chance chance) {
        return chance.of(
                "prefix: /",
                "prefix: /x",
                "prefix: /x/y",
                "path: /x",
                "path: /q",
                "path_separated_prefix: /x",
                "safe_regex: {regex: '/v[0-9]/.*'}",
                "prefix: /X, case_sensitive: false",
                "path_match_policy: {name: t, typed_config: {'@type':"
                        + " type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig,"
                        + " path_template: '/v1/items/{id}'}}");
    }

    private static String conditions(Chance chance) {
        StringBuilder text = new StringBuilder();
        if (chance.in(40)) {
            text.append(", headers: [").append(header(chance));
            text.append(chance.in(30) ? ", " + header(chance) : "").append("]");
        }
        if (chance.in(25)) {
            text.append(", query_parameters: [")
                    .append(
                            chance.of(
                                    "{name: k, present_match: true}",
                                    "{name: k, string_match: {exact: v}}"))
                    .append("]");
        }
        if (chance.in(10)) {
            text.append(", grpc: {}");
        }
        if (chance.in(20)) {
            text.append(
                    ", runtime_fraction: {default_value: {numerator: %d, denominator: HUNDRED}}"
                            .formatted(chance.of(0, 30, 50, 100)));
        }
        return text.toString();
    }

    private static String header(Chance chance) {
        return chance.of(
                "{name: ':method', string_match: {exact: POST}}",
                "{name: x-env, string_match: {exact: beta}}",
                "{name: x-env, string_match: {prefix: B, ignore_case: true}}",
                "{name: x-env, present_match: true}",
                "{name: x-env, present_match: true, invert_match: true}",
                "{name: x-n, range_match: {start: 1, end: 5}}",
                "{name: x-env, string_match: {exact: beta}, treat_missing_header_as_empty: true,"
                        + " invert_match: true}");
    }

    private static String action(Chance chance) {
        String hash = "hash_policy: [{header: {header_name: x-user}}]";
        return chance.of(
                "route: {cluster: $a}",
                "route: {cluster: $a, prefix_rewrite: /new}",
                "route: {cluster: $h, " + hash + "}",
                "route: {cluster: $h}",
                "route: {cluster: $p}",
                "route: {cluster: $w}",
                "route: {cluster: $s, metadata_match: {filter_metadata: {envoy.lb: {tier: gold}}}}",
                "route: {cluster: $s, metadata_match: {filter_metadata: {envoy.lb: {tier: none}}}}",
                "route: {cluster: none}",
                "route: {cluster_header: x-to}",
                "route: {weighted_clusters: {clusters: [{name: $a, weight: 30},"
                        + " {name: $p, weight: 70}]}}",
                "route: {weighted_clusters: {clusters: [{name: $a, weight: 1},"
                        + " {name: $h, weight: 1}], use_hash_policy: true}, "
                        + hash
                        + "}",
                "direct_response: {status: 201}",
                "redirect: {path_redirect: /there}");
    }

    private static Requests request(Chance chance) {
        String path = chance.of(PATHS.split("\\|"));
        Requests request = new Requests(chance, "h1", path);
        request.with("method", chance.of("GET", "GET", "POST"));
        request.header(
                "host: "
                        + chance.of(
                                "a.test",
                                "x.a.test",
                                "A.Test",
                                "c.a.test",
                                "c.example",
                                "b.com",
                                "b.test:8080",
                                "a.test:99",
                                "other"));
        if (chance.in(50)) {
            request.header("x-env: " + chance.of("beta", "Beta", "prod", ""));
        }
        if (chance.in(40)) {
            request.header("x-user: " + chance.of("ann", "bob", "eve", "joe"));
        }
        if (chance.in(30)) {
            request.header("x-n: " + chance.of("1", "4", "5", "no"));
        }
        if (chance.in(10)) {
            request.header("content-type: application/grpc");
        }
        return request;
    }
}
