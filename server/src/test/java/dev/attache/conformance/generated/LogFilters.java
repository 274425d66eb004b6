package dev.attache.conformance.generated;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes up filters of the access log. None depends on how long something took. */
final class LogFilters {
    private LogFilters() {}

    static Map<String, Object> make(Chance chance, int depth) {
        return switch (chance.between(0, depth > 0 ? 12 : 8)) {
            case 0, 1 ->
                    Map.of(
                            "status_code_filter",
                            comparison(chance, chance.of(0, 200, 404, 500, 503)));
            case 2 -> Map.of("duration_filter", comparison(chance, 100_000));
            case 3 -> Map.of("header_filter", Map.of("header", header(chance)));
            case 4 ->
                    Map.of(
                            "response_flag_filter",
                            chance.in(30)
                                    ? Map.of()
                                    : Map.of(
                                            "flags",
                                            chance.some(1, 2, "NC", "UC", "NR", "DC", "UF")));
            case 5, 6 -> grpc(chance);
            case 7 -> Map.of(chance.of("not_health_check_filter", "traceable_filter"), Map.of());
            case 8 -> metadata(chance);
            default ->
                    Map.of(
                            chance.of("and_filter", "or_filter"),
                            Map.of(
                                    "filters",
                                    List.of(make(chance, depth - 1), make(chance, depth - 1))));
        };
    }

    private static Map<String, Object> comparison(Chance chance, int value) {
        Map<String, Object> number = Map.of("default_value", value, "runtime_key", "none");
        return Map.of(
                "comparison", Map.of("op", chance.of("EQ", "GE", "LE", "NE"), "value", number));
    }

    private static Map<String, Object> header(Chance chance) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("name", chance.of("x-a", "x-b", ":path", ":method", "x-none"));
        switch (chance.between(0, 3)) {
            case 0 -> header.put("present_match", chance.in(50));
            case 1 -> header.put("range_match", Map.of("start", 0, "end", 5));
            case 2 ->
                    header.put(
                            "string_match",
                            Map.of(
                                    chance.of("exact", "prefix", "contains", "suffix"),
                                    chance.of("1", "/a", "o", "GET")));
            default ->
                    header.put("string_match", Map.of("safe_regex", Map.of("regex", "/[a-d].*")));
        }
        if (chance.in(25)) {
            header.put("invert_match", true);
        }
        if (chance.in(25)) {
            header.put("treat_missing_header_as_empty", true);
        }
        return header;
    }

    private static Map<String, Object> grpc(Chance chance) {
        Map<String, Object> filter = new LinkedHashMap<>();
        filter.put(
                "statuses",
                chance.some(
                        1, 3, "OK", "NOT_FOUND", "PERMISSION_DENIED", "UNKNOWN", "UNIMPLEMENTED"));
        if (chance.in(40)) {
            filter.put("exclude", true);
        }
        return Map.of("grpc_status_filter", filter);
    }

    private static Map<String, Object> metadata(Chance chance) {
        Map<String, Object> matcher = new LinkedHashMap<>();
        matcher.put("filter", chance.of("n", "n", "m"));
        matcher.put("path", List.of(Map.of("key", chance.of("s", "i", "b", "l", "none"))));
        matcher.put(
                "value",
                chance.of(
                        Map.of("present_match", true),
                        Map.of("double_match", Map.of("exact", 12)),
                        Map.of("bool_match", true),
                        Map.of("null_match", Map.of()),
                        Map.of("string_match", Map.of("prefix", "q"))));
        Map<String, Object> filter = new LinkedHashMap<>();
        filter.put("matcher", matcher);
        if (chance.in(50)) {
            filter.put("match_if_key_not_found", chance.in(50));
        }
        return Map.of("metadata_filter", filter);
    }
}
