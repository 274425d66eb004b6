package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.List;

/** Makes up rules and matchers of rbac, of a few words, as YAML. */
final class AccessPolicies {

    private static final String CLIENT = "spiffe://mesh.test/ns/a/sa/client";

    private static final String ACTION =
            "{action: {name: action, typed_config: {'@type': type.googleapis.com/envoy.config.rbac.v3.Action, name: '%s', action: %s}}}";

    private AccessPolicies() {}

    static String rules(Chance chance, int size, boolean requests) {
        List<String> policies = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            policies.add(
                    "'%s%d': {permissions: [%s], principals: [%s]%s}"
                            .formatted(
                                    chance.of("p", "Q", "é", "a b"),
                                    i,
                                    several(() -> permission(chance, requests, 2), chance),
                                    several(() -> principal(chance, requests, 2), chance),
                                    chance.in(15) ? ", condition: " + condition(chance) : ""));
        }
        return "{action: %s, policies: {%s}}"
                .formatted(
                        chance.of("ALLOW", "ALLOW", "DENY", "DENY", "LOG"),
                        String.join(", ", policies));
    }

    static String matcher(Chance chance, int depth) {
        String otherwise = chance.in(40) ? ", on_no_match: " + picked(chance, depth) : "";
        String input =
                "{name: i, typed_config: {'@type': type.googleapis.com/%s}}"
                        .formatted(
                                chance.of(
                                        "envoy.type.matcher.v3.HttpRequestHeaderMatchInput, header_name: x-a",
                                        "envoy.type.matcher.v3.HttpRequestHeaderMatchInput, header_name: x-b",
                                        "envoy.type.matcher.v3.HttpRequestHeaderMatchInput, header_name: ':path'",
                                        "envoy.extensions.matching.common_inputs.network.v3.ServerNameInput",
                                        "envoy.extensions.matching.common_inputs.ssl.v3.DnsSanInput"));
        if (chance.in(50)) {
            return "{matcher_tree: {input: %s, %s: {map: {'%s': %s, '%s': %s}}}%s}"
                    .formatted(
                            input,
                            chance.of("exact_match_map", "prefix_match_map"),
                            chance.of("a", "/a", "server.test"),
                            picked(chance, depth),
                            chance.of("b", "/b", "client.test"),
                            picked(chance, depth),
                            otherwise);
        }
        List<String> entries = new ArrayList<>();
        for (int i = chance.between(1, 3); i > 0; i--) {
            String single =
                    "{single_predicate: {input: %s, value_match: {%s}}}"
                            .formatted(
                                    input, plain(chance, chance.of("a", "b", "/a", "server.test")));
            entries.add(
                    "{predicate: %s, on_match: %s}"
                            .formatted(
                                    chance.in(25) ? "{not_matcher: " + single + "}" : single,
                                    picked(chance, depth)));
        }
        return "{matcher_list: {matchers: [%s]}%s}"
                .formatted(String.join(", ", entries), otherwise);
    }

    private static String picked(Chance chance, int depth) {
        return depth > 0 && chance.in(30)
                ? "{matcher: %s}".formatted(matcher(chance, depth - 1))
                : ACTION.formatted(
                        chance.of("one", "two", "the third"),
                        chance.of("ALLOW", "ALLOW", "DENY", "LOG"));
    }

    private interface Part {
        String make();
    }

    private static String several(Part part, Chance chance) {
        return chance.in(70) ? part.make() : part.make() + ", " + part.make();
    }

    private static String condition(Chance chance) {
        return "{call_expr: {function: %s, args: [{select_expr: {operand: {ident_expr: {name: request}}, field: %s}}, {const_expr: {string_value: '%s'}}]}}"
                .formatted(
                        chance.of("_==_", "_!=_"),
                        chance.of("path", "method", "url_path"),
                        chance.of("/a", "/b", "GET"));
    }

    static String word(Chance chance) {
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
        if (!text.isEmpty() && chance.in(8)) {
            return "safe_regex: {regex: '.*%s.*'}".formatted(text);
        }
        return plain(chance, text);
    }

    private static String plain(Chance chance, String text) {
        String kind =
                text.isEmpty()
                        ? "exact"
                        : chance.of("exact", "exact", "exact", "prefix", "suffix", "contains");
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
}
