package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Matcher trees of every kind, some levels deep, of a few words: of virtual hosts, which pick
 * routes, and of filters, which pick what marks request and response; and requests of the same
 * words.
 */
final class MatcherTrees implements Area {

    private static final String TYPE = "'@type': type.googleapis.com/";
    private static final String HTTP = TYPE + "envoy.extensions.filters.http.";

    @Override
    public void write(Draft draft) {
        Chance chance = draft.chance();
        draft.upstream(
                "a",
                "{respond: [{when: {path: /b}, status: 404, headers: ['x-r: b']}, {when: {path: /a},"
                        + " status: 200, headers: ['x-r: a']}]}");
        if (chance.in(60)) {
            draft.merge("virtual_host", "{routes: [], matcher: %s}".formatted(ofRoutes(chance)));
        } else {
            draft.route("{match: {prefix: /}, route: {cluster: $a}}");
        }
        List<String> filters = new ArrayList<>();
        for (int i = chance.between(1, 3); i > 0; i--) {
            filters.add(filter(chance, i));
        }
        draft.merge("http_filters", "[" + String.join(", ", filters) + "]");
        draft.merge(
                "access_log_format",
                """
                {route: '%ROUTE_NAME%', ran: '%FILTER_STATE(envoy.extensions.filters.http.composite.matched_actions)%'}
                """);
        for (int i = chance.between(8, 14); i > 0; i--) {
            request(chance).addTo(draft);
        }
    }

    /** An extension with a matcher, or a composite filter with one of its own. */
    private static String filter(Chance chance, int number) {
        String tree = new Trees(chance, MatcherTrees::anyInput, () -> execution(chance)).make(3);
        if (chance.in(30)) {
            return "{name: f%d, typed_config: {%scomposite.v3.Composite, matcher: %s}}"
                    .formatted(number, HTTP, tree);
        }
        return "{name: f%d, typed_config: {%senvoy.extensions.common.matching.v3.ExtensionWithMatcher, extension_config: %s, xds_matcher: %s}}"
                .formatted(
                        number,
                        TYPE,
                        chance.in(70)
                                ? "{name: c, typed_config: {" + HTTP + "composite.v3.Composite}}"
                                : mutation("inner"),
                        tree);
    }

    private static String ofRoutes(Chance chance) {
        return new Trees(chance, MatcherTrees::requestHeader, () -> route(chance)).make(3);
    }

    private static String mutation(String mark) {
        return ("{name: m-%1$s, typed_config: {%2$sheader_mutation.v3.HeaderMutation, mutations:"
                        + " {request_mutations: [{append: {header: {key: x-ran, value: %1$s}}}],"
                        + " response_mutations: [{append: {header: {key: x-ran, value: %1$s}}}]}}}")
                .formatted(mark, HTTP);
    }

    private static String execution(Chance chance) {
        if (chance.in(25)) {
            return "{name: s, typed_config: {%senvoy.extensions.filters.common.matcher.action.v3.SkipFilter}}"
                    .formatted(TYPE);
        }
        String mark = "m" + chance.between(0, 99);
        String what =
                chance.in(70)
                        ? "typed_config: " + mutation(mark)
                        : "filter_chain: {typed_config: [%s, %s]}"
                                .formatted(mutation(mark), mutation("second"));
        return "{name: e, typed_config: {%scomposite.v3.ExecuteFilterAction, %s}}"
                .formatted(HTTP, what);
    }

    private static String route(Chance chance) {
        if (chance.in(25)) {
            return "{name: r, typed_config: {%senvoy.config.route.v3.RouteList, routes: [{%s}, {%s}]}}"
                    .formatted(TYPE, oneRoute(chance), oneRoute(chance));
        }
        return "{name: r, typed_config: {%senvoy.config.route.v3.Route, %s}}"
                .formatted(TYPE, oneRoute(chance));
    }

    private static String oneRoute(Chance chance) {
        return "name: r%d, match: {prefix: %s}, %s"
                .formatted(
                        chance.between(0, 99),
                        chance.of("/", "/", "/a", "/b"),
                        chance.of("route: {cluster: $a}", "direct_response: {status: 202}"));
    }

    private static String requestHeader(Chance chance) {
        return "envoy.type.matcher.v3.HttpRequestHeaderMatchInput, header_name: "
                + chance.of("x-a", "x-b", "x-b", "':path'", "':method'", "Host");
    }

    private static String anyInput(Chance chance) {
        return switch (chance.between(0, 9)) {
            case 0 -> "envoy.type.matcher.v3.HttpResponseHeaderMatchInput, header_name: x-r";
            case 1 -> "envoy.type.matcher.v3.HttpResponseStatusCodeMatchInput";
            case 2 -> "envoy.type.matcher.v3.HttpResponseStatusCodeClassMatchInput";
            case 3 -> "envoy.type.matcher.v3.HttpRequestQueryParamMatchInput, query_param: q";
            case 4 -> "envoy.extensions.matching.common_inputs.network.v3.SourceIPInput";
            default -> requestHeader(chance);
        };
    }

    private static String word(Chance chance) {
        return chance.of("a", "b", "c", "/a", "/b", "GET", "200", "4xx", "10.1.2.3", "a.b", "ab");
    }

    private static Requests request(Chance chance) {
        Requests request =
                new Requests(
                        chance,
                        chance.of("h1", "h2"),
                        chance.of("/a", "/b", "/", "/ab", "/a?q=a", "/b?q=b&q=a", "/c?q"));
        for (int i = chance.between(0, 3); i > 0; i--) {
            request.header(chance.of("x-a", "x-b") + ": " + word(chance));
        }
        return request.with("method", chance.of("GET", "GET", "DELETE"));
    }

    private interface Inputs {
        /** Type and fields. */
        String make(Chance chance);
    }

    /** Trees of one kind of inputs and actions. */
    private record Trees(Chance chance, Inputs inputs, Supplier<String> actions) {

        String make(int depth) {
            String otherwise = chance.in(40) ? ", on_no_match: " + onMatch(depth - 1) : "";
            return chance.in(50)
                    ? "{matcher_list: {matchers: [%s]}%s}".formatted(entries(depth), otherwise)
                    : "{matcher_tree: {input: %s, %s}%s}".formatted(input(), map(depth), otherwise);
        }

        private String onMatch(int depth) {
            return depth > 0 && chance.in(35)
                    ? "{matcher: %s}".formatted(make(depth - 1))
                    : "{action: %s}".formatted(actions.get());
        }

        /** Often so many of one input that they are looked up. */
        private String entries(int depth) {
            List<String> entries = new ArrayList<>();
            if (chance.in(30)) {
                String same = input();
                for (int i = chance.between(4, 9); i > 0; i--) {
                    String value = "value_match: {exact: '" + word(chance) + "'}";
                    entries.add(
                            entry("{single_predicate: {input: %s, %s}}".formatted(same, value), 1));
                }
            }
            for (int i = chance.between(1, 4); i > 0; i--) {
                entries.add(entry(predicate(2), depth));
            }
            return String.join(", ", entries);
        }

        private String entry(String predicate, int depth) {
            return "{predicate: %s, on_match: %s}".formatted(predicate, onMatch(depth - 1));
        }

        private String predicate(int depth) {
            return switch (chance.between(0, depth > 0 ? 6 : 2)) {
                case 3 -> "{not_matcher: %s}".formatted(predicate(depth - 1));
                case 4, 5, 6 ->
                        "{%s: {predicate: [%s, %s, %s]}}"
                                .formatted(
                                        chance.of("and_matcher", "or_matcher"),
                                        predicate(depth - 1),
                                        predicate(depth - 1),
                                        predicate(depth - 1));
                default -> "{single_predicate: {input: %s, %s}}".formatted(input(), test());
            };
        }

        private String test() {
            String matcher =
                    "custom_match: {name: m, typed_config: {%senvoy.extensions.matching.input_matchers.%s}}";
            return switch (chance.between(0, 9)) {
                case 0 ->
                        matcher.formatted(
                                TYPE,
                                "ip.v3.Ip, stat_prefix: i, cidr_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]");
                case 1 ->
                        matcher.formatted(
                                TYPE,
                                "consistent_hashing.v3.ConsistentHashing, threshold: %d, modulo: 4, seed: %d"
                                        .formatted(chance.between(0, 4), chance.between(0, 9)));
                case 2 -> "value_match: {safe_regex: {google_re2: {}, regex: '[a-b./]+'}}";
                default ->
                        "value_match: {%s: '%s'%s}"
                                .formatted(
                                        chance.of("exact", "exact", "prefix", "suffix", "contains"),
                                        word(chance),
                                        chance.in(20) ? ", ignore_case: true" : "");
            };
        }

        private String map(int depth) {
            return switch (chance.between(0, 3)) {
                case 0 ->
                        "custom_match: {name: i, typed_config: {%sxds.type.matcher.v3.IPMatcher, range_matchers: [%s, %s, %s]}}"
                                .formatted(TYPE, range(depth), range(depth), range(depth));
                case 1 ->
                        "custom_match: {name: n, typed_config: {%sxds.type.matcher.v3.ServerNameMatcher, domain_matchers: [{domains: [a, a.b], on_match: %s}, {domains: ['*.b', '%s'], on_match: %s}]}}"
                                .formatted(
                                        TYPE,
                                        onMatch(depth - 1),
                                        chance.of("*", "c"),
                                        onMatch(depth - 1));
                default -> {
                    List<String> keys =
                            chance.some(1, 5, "a", "b", "/", "/a", "/a?q", "GET", "ab", "200");
                    List<String> entries = new ArrayList<>();
                    keys.forEach(key -> entries.add("'" + key + "': " + onMatch(depth - 1)));
                    yield "%s: {map: {%s}}"
                            .formatted(
                                    chance.of("exact_match_map", "prefix_match_map"),
                                    String.join(", ", entries));
                }
            };
        }

        private String range(int depth) {
            return "{ranges: [{address_prefix: %s, prefix_len: %d}]%s, on_match: %s}"
                    .formatted(
                            chance.of("10.1.0.0", "10.0.0.0", "10.1.2.3", "127.0.0.1"),
                            chance.of(8, 16, 24, 32, 0),
                            chance.in(30) ? ", exclusive: true" : "",
                            onMatch(depth - 1));
        }

        private String input() {
            return "{name: i, typed_config: {%s%s}}".formatted(TYPE, inputs.make(chance));
        }
    }
}
