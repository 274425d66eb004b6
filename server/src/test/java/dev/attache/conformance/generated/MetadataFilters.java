package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What filters remember of a stream: header_to_metadata, json_to_metadata, set_metadata and
 * set_filter_state in any order, with several rules of the same key, shown by the access log.
 */
final class MetadataFilters implements Area {

    private static final String TYPE =
            "'@type': type.googleapis.com/envoy.extensions.filters.http.";

    @Override
    public void write(Draft draft) {
        Chance chance = draft.chance();
        draft.upstream(
                "a",
                "{respond: [{when: {path: /b}, headers: ['content-type: application/json', 'x-a: up',"
                        + " 'x-n: 17'], body: '{\"a\":{\"b\":[1]},\"n\":-2.50,\"s\":\"up\"}'}, {headers:"
                        + " ['x-b: 1', 'x-b: 2']}]}");
        draft.merge("http_filters", "[" + filters(chance) + "]");
        draft.merge(
                "access_log_format",
                """
                {one: '%DYNAMIC_METADATA(one)%', two: '%DYNAMIC_METADATA(two)%', k: '%DYNAMIC_METADATA(one:k)%',
                 kl: '%DYNAMIC_METADATA(one:l)%:%DYNAMIC_METADATA(two:k:b):3%', h: '%DYNAMIC_METADATA(envoy.filters.http.header_to_metadata)%',
                 j: '%DYNAMIC_METADATA(envoy.filters.http.json_to_metadata)%', s: '%FILTER_STATE(s:PLAIN)%', t: '%FILTER_STATE(t:PLAIN):4%',
                 u: '%FILTER_STATE(t)%'}
                """);
        for (int i = chance.between(6, 12); i > 0; i--) {
            request(chance).addTo(draft);
        }
    }

    private static String filters(Chance chance) {
        return several(chance.between(1, 4), () -> filter(chance));
    }

    private static String several(int count, Supplier<String> one) {
        return Stream.generate(one).limit(count).collect(Collectors.joining(", "));
    }

    private static String filter(Chance chance) {
        String config =
                switch (chance.between(0, 5)) {
                    case 0, 1 -> headers(chance);
                    case 2, 3 -> json(chance);
                    case 4 -> set(chance);
                    default ->
                            "set_filter_state.v3.Config, on_request_headers: [%s]"
                                    .formatted(several(chance.between(1, 3), () -> state(chance)));
                };
        return "{name: f%d, typed_config: {%s%s}}".formatted(chance.between(0, 9999), TYPE, config);
    }

    private static String headers(Chance chance) {
        List<String> sides = new ArrayList<>(List.of("header_to_metadata.v3.Config"));
        for (String side : chance.some(1, 2, "request_rules", "response_rules")) {
            sides.add(side + ": [" + several(chance.between(1, 5), () -> headerRule(chance)) + "]");
        }
        return String.join(", ", sides);
    }

    private static String headerRule(Chance chance) {
        boolean present = chance.in(80);
        String of =
                chance.in(15)
                        ? "cookie: " + chance.of("c", "d")
                        : "header: "
                                + chance.of("x-a", "x-a", "x-b", "x-n", "X-N", "x-c", "':path'");
        StringBuilder rule = new StringBuilder(of);
        if (present) {
            rule.append(", on_header_present: {").append(pair(chance, false)).append('}');
        }
        if (!present || chance.in(35)) {
            rule.append(", on_header_missing: {").append(pair(chance, true)).append('}');
        }
        if (chance.in(20) && of.startsWith("header: x")) {
            rule.append(", remove: true");
        }
        return "{" + rule + "}";
    }

    private static String pair(Chance chance, boolean missing) {
        List<String> parts = new ArrayList<>(List.of("key: " + key(chance)));
        namespace(chance, parts);
        boolean fixed = missing || chance.in(20);
        if (fixed) {
            parts.add(
                    "value: "
                            + chance.of(
                                    "v", "'12'", "' 1.5 '", "'aGk='", "'1e400'", "'{}'", "'0x1'"));
        } else if (chance.in(25)) {
            parts.add(
                    "regex_value_rewrite: {pattern: {regex: '%s'}, substitution: '%s'}"
                            .formatted(
                                    chance.of("([a-z]+)", "^(.)(.*)$", "[0-9]", "x*", ".*"),
                                    chance.of("<\\\\0>", "", "y", "\\\\0\\\\0")
                                            .replace("\\\\", "\\")));
        }
        if (chance.in(50)) {
            parts.add("type: " + chance.of("STRING", "NUMBER", "NUMBER", "PROTOBUF_VALUE"));
        }
        if (chance.in(25)) {
            parts.add("encode: BASE64");
        }
        return String.join(", ", parts);
    }

    private static String key(Chance chance) {
        return chance.of("k", "k", "l", "m");
    }

    private static void namespace(Chance chance, List<String> parts) {
        if (chance.in(75)) {
            parts.add("metadata_namespace: " + chance.of("one", "one", "two"));
        }
    }

    private static String json(Chance chance) {
        List<String> sides = new ArrayList<>(List.of("json_to_metadata.v3.JsonToMetadata"));
        for (String side : chance.some(1, 2, "request_rules", "response_rules")) {
            sides.add(
                    "%s: {rules: [%s]%s%s}"
                            .formatted(
                                    side,
                                    several(chance.between(1, 5), () -> jsonRule(chance)),
                                    chance.in(40) ? ", allow_empty_content_type: true" : "",
                                    chance.in(30) ? ", allow_content_types: [text/x]" : ""));
        }
        return String.join(", ", sides);
    }

    private static String jsonRule(Chance chance) {
        List<String> parts = new ArrayList<>();
        parts.add(
                "selectors: ["
                        + several(
                                chance.of(1, 1, 2, 3),
                                () -> "{key: " + chance.of("a", "b", "n", "s") + "}")
                        + "]");
        for (String when : events(chance)) {
            List<String> pair = new ArrayList<>(List.of("key: " + key(chance)));
            namespace(chance, pair);
            if (!when.equals("on_present") || chance.in(20)) {
                pair.add("value: " + value(chance));
            }
            if (when.equals("on_present") && chance.in(50)) {
                pair.add("type: " + chance.of("STRING", "NUMBER", "PROTOBUF_VALUE"));
            }
            if (chance.in(25)) {
                pair.add("preserve_existing_metadata_value: true");
            }
            parts.add(when + ": {" + String.join(", ", pair) + "}");
        }
        return "{" + String.join(", ", parts) + "}";
    }

    /** One of the first two must be there. */
    private static List<String> events(Chance chance) {
        List<String> events = chance.some(1, 2, "on_present", "on_present", "on_missing");
        return Stream.concat(events.stream().distinct(), Stream.of("on_error"))
                .limit(chance.in(40) ? 3 : events.stream().distinct().count())
                .toList();
    }

    private static String value(Chance chance) {
        return chance.of(
                "v",
                "1",
                "1.5",
                "true",
                "''",
                "'12'",
                "[1, a]",
                "{b: 1}",
                "1e21",
                "null",
                "{b: {c: []}}");
    }

    private static String set(Chance chance) {
        return "set_metadata.v3.Config, metadata: [%s]"
                .formatted(
                        several(
                                chance.between(1, 3),
                                () ->
                                        "{metadata_namespace: %s, value: {%s: %s, %s: %s}%s}"
                                                .formatted(
                                                        chance.of("one", "two"),
                                                        "k",
                                                        value(chance),
                                                        chance.of("l", "m"),
                                                        value(chance),
                                                        chance.in(50)
                                                                ? ", allow_overwrite: true"
                                                                : "")));
    }

    private static String state(Chance chance) {
        String name = chance.of("s", "s", "t");
        String text =
                chance.of(
                        "%REQ(x-a)%",
                        "%REQ(x-b):2%-%REQ(x-none)%",
                        "%DYNAMIC_METADATA(one:k)%",
                        "%DYNAMIC_METADATA(one)%",
                        "%FILTER_STATE(s:PLAIN)%",
                        "fixed");
        return "{object_key: %s, factory_key: envoy.string, format_string: {text_format_source: {inline_string: '%s'}%s}%s%s}"
                .formatted(
                        name,
                        text,
                        chance.in(40) ? ", omit_empty_values: true" : "",
                        chance.in(30) ? ", read_only: true" : "",
                        chance.in(30) ? ", skip_if_empty: true" : "");
    }

    private static Requests request(Chance chance) {
        Requests request = new Requests(chance, chance.of("/a", "/b", "/a?x=1"));
        for (int i = chance.between(0, 4); i > 0; i--) {
            request.header(
                    chance.of("x-a", "x-b", "x-n", "x-c")
                            + ": "
                            + chance.of(
                                    "a",
                                    "12",
                                    "1.5",
                                    "aGk=",
                                    "aGk",
                                    "GgJoaQ==",
                                    "",
                                    "1e5",
                                    "YWIx",
                                    "\u00c3\u00a9",
                                    "nan"));
        }
        if (chance.in(25)) {
            request.header("cookie: " + chance.of("c=1", "c=\"x\"; d=2", "d=; c=a b"));
        }
        if (chance.in(60)) {
            request.with("method", "POST")
                    .with(
                            "body",
                            chance.of(
                                    "{\"a\":\"x\",\"n\":1}",
                                    "{\"a\":{\"b\":{\"n\":true}},\"s\":null}",
                                    "{\"a\":{\"b\":12.50},\"n\":\"7\",\"s\":\"\"}",
                                    "{\"n\":18446744073709551615,\"s\":[1]}",
                                    "{\"a\":1,\"a\":2,\"b\":-0.0}",
                                    "[{\"a\":1}]",
                                    "{\"a\":",
                                    "null",
                                    " "));
            if (chance.in(80)) {
                request.header(
                        "content-type: "
                                + chance.of(
                                        "application/json",
                                        "application/json",
                                        "application/json; charset=utf-8",
                                        "Application/JSON",
                                        "text/x"));
            }
        }
        return request;
    }
}
