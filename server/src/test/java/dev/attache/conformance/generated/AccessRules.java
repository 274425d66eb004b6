package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * rbac: policies made up of a few words, of filters and of routes, enforced and not, over TLS with
 * client certificates too, and requests of the same words. Half of the cases have so many policies
 * that they are found by their values.
 */
final class AccessRules implements Area {

    private static final String TYPE = "type.googleapis.com/envoy.extensions.filters.";
    private static final String CLIENT = "spiffe://mesh.test/ns/a/sa/client";

    @Override
    public void write(Draft draft) {
        Chance chance = draft.chance();
        draft.upstream("a", "{}");
        boolean secure = chance.in(40);
        if (secure) {
            draft.merge("tls", tls(chance));
        }
        if (chance.in(30)) {
            draft.merge(
                    "hcm",
                    "{normalize_path: %s, merge_slashes: %s, use_remote_address: %s}"
                            .formatted(chance.in(70), chance.in(50), chance.in(30)));
        }
        if (chance.in(30)) {
            draft.merge("route_config", "{ignore_path_parameters_in_path_matching: true}");
        }
        if (chance.in(25)) {
            draft.merge(
                    "network_filters",
                    "[{name: n, typed_config: {'@type': %snetwork.rbac.v3.RBAC, stat_prefix: $self, %s}}]"
                            .formatted(
                                    TYPE, "rules: " + rules(chance, chance.between(0, 3), false)));
        }
        draft.merge(
                "http_filters",
                "[{name: rbac, typed_config: {'@type': %shttp.rbac.v3.RBAC%s}}]"
                        .formatted(TYPE, settings(chance)));
        routes(draft, chance);
        draft.merge(
                "access_log_format",
                """
                {details: '%RESPONSE_CODE_DETAILS%', metadata: '%DYNAMIC_METADATA(envoy.filters.http.rbac)%', hint: '%DYNAMIC_METADATA(envoy.common)%'}
                """);
        // a connection that is turned away ends in one way or another
        draft.merge("access_log_unordered", "true");
        for (int i = chance.between(8, 14); i > 0; i--) {
            request(chance, secure).addTo(draft);
        }
    }

    private static void routes(Draft draft, Chance chance) {
        String team = "metadata: {filter_metadata: {acl: {team: %s, tags: [%s, %s], level: %d}}}";
        for (String prefix : List.of("/a", "/b")) {
            draft.route(
                    "{match: {prefix: %s}, route: {cluster: $a}, %s%s}"
                            .formatted(
                                    prefix,
                                    team.formatted(
                                            word(chance),
                                            word(chance),
                                            word(chance),
                                            chance.between(1, 3)),
                                    chance.in(50)
                                            ? ", typed_per_filter_config: {rbac: {'@type': %shttp.rbac.v3.RBACPerRoute%s}}"
                                                    .formatted(TYPE, ofRoute(chance))
                                            : ""));
        }
        draft.route("{match: {prefix: /}, route: {cluster: $a}}");
    }

    private static String ofRoute(Chance chance) {
        return chance.in(20) ? "" : ", rbac: {" + strip(settings(chance)) + "}";
    }

    private static String strip(String settings) {
        return settings.isEmpty() ? "" : settings.substring(2);
    }

    /** Fields of a filter or a route, each behind a comma. */
    private static String settings(Chance chance) {
        StringBuilder fields = new StringBuilder();
        if (chance.in(90)) {
            fields.append(", rules: ").append(rules(chance, size(chance), true));
        }
        if (chance.in(50)) {
            fields.append(", shadow_rules: ").append(rules(chance, size(chance), true));
        }
        if (chance.in(40)) {
            fields.append(", rules_stat_prefix: ").append(chance.of("en", "en_", "en."));
        }
        if (chance.in(40)) {
            fields.append(", shadow_rules_stat_prefix: ").append(chance.of("dry", "dry.run_"));
        }
        if (chance.in(40)) {
            fields.append(", track_per_rule_stats: true");
        }
        return fields.toString();
    }

    private static int size(Chance chance) {
        return chance.in(50) ? chance.between(0, 5) : chance.between(9, 25);
    }

    private static String rules(Chance chance, int size, boolean requests) {
        List<String> policies = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            policies.add(
                    "'%s%d': {permissions: [%s], principals: [%s]}"
                            .formatted(
                                    chance.of("p", "Q", "é", "a b"),
                                    i,
                                    several(() -> permission(chance, requests, 2), chance),
                                    several(() -> principal(chance, requests, 2), chance)));
        }
        return "{action: %s, policies: {%s}}"
                .formatted(
                        chance.of("ALLOW", "ALLOW", "DENY", "DENY", "LOG"),
                        String.join(", ", policies));
    }

    private interface Part {
        String make();
    }

    private static String several(Part part, Chance chance) {
        return chance.in(70) ? part.make() : part.make() + ", " + part.make();
    }

    private static String word(Chance chance) {
        return chance.of("a", "b", "c");
    }

    private static String permission(Chance chance, boolean requests, int depth) {
        return switch (chance.between(requests ? 0 : 6, depth > 0 ? 15 : 12)) {
            case 0, 1 -> header(chance);
            case 2, 3 -> path(chance);
            case 4 ->
                    "{uri_template: {name: t, typed_config: {'@type': type.googleapis.com/envoy.extensions.path.match.uri_template.v3.UriTemplateMatchConfig, path_template: '%s'}}}"
                            .formatted(chance.of("/a/{x}", "/*/b", "/b/{r=**}"));
            case 5 ->
                    "{header: {name: ':method', string_match: {exact: %s}}}"
                            .formatted(chance.of("GET", "POST", "DELETE"));
            case 6 -> "{any: true}";
            case 7 -> "{requested_server_name: {%s}}".formatted(text(chance, "server.test"));
            case 8 ->
                    "{destination_port_range: {start: %d, end: 65536}}"
                            .formatted(chance.of(1, 1, 65535));
            case 9 ->
                    "{destination_ip: {address_prefix: 127.0.0.%d, prefix_len: %d}}"
                            .formatted(chance.between(1, 2), chance.of(32, 32, 24));
            case 10, 11 -> metadata(chance);
            case 12 ->
                    "{matcher: {name: m, typed_config: {'@type': type.googleapis.com/envoy.extensions.rbac.matchers.upstream_ip_port.v3.UpstreamIpPortMatcher, upstream_port_range: {start: 0, end: 65535}}}}";
            case 13 -> "{not_rule: %s}".formatted(permission(chance, requests, depth - 1));
            default ->
                    "{%s: {rules: [%s, %s]}}"
                            .formatted(
                                    chance.of("and_rules", "or_rules"),
                                    permission(chance, requests, depth - 1),
                                    permission(chance, requests, depth - 1));
        };
    }

    private static String principal(Chance chance, boolean requests, int depth) {
        return switch (chance.between(requests ? 0 : 3, depth > 0 ? 13 : 10)) {
            case 0, 1 -> header(chance);
            case 2 -> path(chance);
            case 3, 4 -> "{any: true}";
            case 5, 6 ->
                    chance.in(20)
                            ? "{authenticated: {}}"
                            : "{authenticated: {principal_name: {%s}}}"
                                    .formatted(text(chance, chance.of(CLIENT, "client.test", "")));
            case 7 ->
                    "{%s: {address_prefix: %s, prefix_len: %d}}"
                            .formatted(
                                    chance.of("remote_ip", "direct_remote_ip", "source_ip"),
                                    chance.of("10.0.0.1", "10.0.0.2", "127.0.0.1"),
                                    chance.of(32, 32, 8, 0));
            case 8 -> metadata(chance);
            case 9 -> "{filter_state: {key: none, string_match: {exact: a}}}";
            case 10 ->
                    "{custom: {name: m, typed_config: {'@type': type.googleapis.com/envoy.extensions.rbac.principals.mtls_authenticated.v3.Config, %s}}}"
                            .formatted(
                                    chance.of(
                                            "any_validated_client_certificate: true",
                                            "san_matcher: {san_type: DNS, matcher: {exact: client.test}}",
                                            "san_matcher: {san_type: URI, matcher: {prefix: 'spiffe://mesh.test/ns/b'}}"));
            case 11 -> "{not_id: %s}".formatted(principal(chance, requests, depth - 1));
            default ->
                    "{%s: {ids: [%s, %s]}}"
                            .formatted(
                                    chance.of("and_ids", "or_ids"),
                                    principal(chance, requests, depth - 1),
                                    principal(chance, requests, depth - 1));
        };
    }

    private static String header(Chance chance) {
        String test =
                switch (chance.between(0, 6)) {
                    case 0 -> "present_match: " + chance.in(70);
                    case 1 -> "range_match: {start: 1, end: 3}";
                    case 2 -> "";
                    default -> "string_match: {" + text(chance, word(chance)) + "}";
                };
        return "{header: {name: %s%s%s%s}}"
                .formatted(
                        chance.of("x-a", "x-b", "x-c"),
                        test.isEmpty() ? "" : ", " + test,
                        chance.in(15) ? ", invert_match: true" : "",
                        chance.in(15) ? ", treat_missing_header_as_empty: true" : "");
    }

    private static String path(Chance chance) {
        return "{url_path: {path: {%s}}}"
                .formatted(text(chance, chance.of("/a", "/b", "/a/b", "/a/c")));
    }

    /** One of the ways to match a text; an empty one can only be matched whole. */
    private static String text(Chance chance, String text) {
        String kind =
                text.isEmpty()
                        ? "exact"
                        : chance.of("exact", "exact", "exact", "prefix", "suffix", "contains");
        if (!text.isEmpty() && chance.in(8)) {
            return "safe_regex: {regex: '.*%s.*'}".formatted(text);
        }
        return "%s: '%s'%s".formatted(kind, text, chance.in(15) ? ", ignore_case: true" : "");
    }

    private static String metadata(Chance chance) {
        String value =
                switch (chance.between(0, 4)) {
                    case 0 -> "[{key: team}], value: {string_match: {%s}}";
                    case 1 -> "[{key: tags}], value: {list_match: {one_of: {string_match: {%s}}}}";
                    case 2 -> "[{key: level}], value: {double_match: {exact: 2}}";
                    case 3 -> "[{key: team}, {key: deeper}], value: {present_match: true}";
                    default -> "[{key: team}], value: {present_match: true}";
                };
        return "{sourced_metadata: {metadata_source: %s, metadata_matcher: {filter: acl, path: %s%s}}}"
                .formatted(
                        chance.of("ROUTE", "ROUTE", "ROUTE", "DYNAMIC"),
                        value.formatted(text(chance, word(chance))),
                        chance.in(25) ? ", invert: true" : "");
    }

    private static String tls(Chance chance) {
        return """
        {common_tls_context: {tls_certificates: [{certificate_chain: {filename: '${cert.server}'}, private_key: {filename: '${key.server}'}}]%s}}
        """
                .formatted(
                        chance.of(
                                "",
                                ", validation_context: {trusted_ca: {filename: '${cert.ca}'},"
                                        + " trust_chain_verification: ACCEPT_UNTRUSTED}",
                                ", validation_context: {trusted_ca: {filename: '${cert.ca}'},"
                                        + " trust_chain_verification: ACCEPT_UNTRUSTED}"));
    }

    private static Requests request(Chance chance, boolean secure) {
        String path = chance.of("/a", "/b", "/a/b", "/b/a", "/c", "/a/../b", "//a", "/a;x=y", "/A");
        Requests request =
                new Requests(
                        chance,
                        secure ? "h1" : chance.of("h1", "h2"),
                        path + chance.of("", "", "?a", "?x=/b"));
        for (int i = chance.between(0, 3); i > 0; i--) {
            request.header(
                    chance.of("x-a", "x-b", "x-c")
                            + ": "
                            + chance.of("a", "b", "c", "A", "1", "3", "ab", ""));
        }
        if (chance.in(30)) {
            request.header(
                    "x-forwarded-for: " + chance.of("10.0.0.1", "10.0.0.2", "10.0.0.1, 9.9.9.9"));
        }
        if (secure) {
            Map<String, Object> tls = new LinkedHashMap<>();
            tls.put("sni", chance.of("server.test", "other.test"));
            if (chance.in(70)) {
                tls.put("cert", chance.of("client", "client", "client-other", "server2"));
            }
            request.with("tls", tls);
        }
        return request.with("method", chance.of("GET", "GET", "DELETE", "HEAD"));
    }
}
