package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * CEL: expressions that fit together and ones that do not, printed by {@code %CEL%} and {@code
 * %TYPED_CEL%} (each beside its own text) and as filters of the access log, with and without
 * functions of strings.
 */
final class CelExpressions implements Area {

    private static final String TYPE = "type.googleapis.com/envoy.extensions.";
    private static final Map<String, Object> OPTIONS =
            Map.of(
                    "enable_string_conversion",
                    true,
                    "enable_string_concat",
                    true,
                    "enable_string_functions",
                    true);

    @Override
    public void write(Draft draft) {
        Chance chance = draft.chance();
        boolean strings = chance.in(50);
        draft.upstream(
                "a",
                "{respond: [{when: {path: /b}, status: 404, headers: ['x-r: b', 'x-n: 7']}, {status:"
                        + " 200, headers: ['x-r: a', 'x-r: c', 'grpc-status: 3'], body: hello}]}");
        draft.route(
                "{name: rt, match: {prefix: /}, metadata: {filter_metadata: {n: {s: x, num: 1.5, b:"
                        + " true, z: null, l: [1, two, {k: v}], o: {k: v}}}}, route: {cluster: $a}}");
        draft.merge("access_log_unordered", "true");
        draft.put("access_log", logs(draft, new CelTerms(chance, strings), strings));
        for (int i = chance.between(2, 4); i > 0; i--) {
            request(chance).addTo(draft);
        }
    }

    private static List<Object> logs(Draft draft, CelTerms terms, boolean strings) {
        Chance chance = draft.chance();
        List<Object> logs = new ArrayList<>();
        logs.add(log(Map.of(), format(Map.of("json_format", fields(terms, chance)), strings)));
        for (int i = 1; i <= 8; i++) {
            String expression = terms.of(CelTerms.Kind.BOOL, chance.between(1, 4));
            logs.add(log(filter(expression, strings), format(line(expression), strings)));
        }
        return logs;
    }

    private static Map<String, Object> fields(CelTerms terms, Chance chance) {
        Set<String> expressions = new LinkedHashSet<>();
        for (int i = 0; i < 40; i++) {
            expressions.add(terms.any(chance.between(1, 4)));
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        for (String expression : expressions) {
            String command = chance.of("", "", "TYPED_") + "CEL(" + expression + ")";
            fields.put(command, "%" + command + "%" + (chance.in(5) ? " %CEL(1 + 1)%" : ""));
        }
        return fields;
    }

    private static Map<String, Object> line(String expression) {
        String text = "%REQ(:PATH)% " + expression.replace("%", "%%") + "\n";
        return Map.of("text_format_source", Map.of("inline_string", text));
    }

    private static Map<String, Object> format(Map<String, Object> format, boolean strings) {
        Map<String, Object> all = new LinkedHashMap<>(format);
        if (strings) {
            all.put(
                    "formatters",
                    List.of(typed("cel", "formatter.cel.v3.Cel", Map.of("cel_config", OPTIONS))));
        }
        return all;
    }

    private static Map<String, Object> filter(String expression, boolean strings) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("expression", expression);
        if (strings) {
            fields.put("cel_config", OPTIONS);
        }
        return Map.of(
                "extension_filter",
                typed("cel", "access_loggers.filters.cel.v3.ExpressionFilter", fields));
    }

    private static Map<String, Object> log(Map<String, Object> filter, Map<String, Object> format) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("path", "${log}");
        fields.put("log_format", format);
        Map<String, Object> log =
                new LinkedHashMap<>(typed("f", "access_loggers.file.v3.FileAccessLog", fields));
        if (!filter.isEmpty()) {
            log.put("filter", filter);
        }
        return log;
    }

    private static Map<String, Object> typed(String name, String type, Map<String, Object> fields) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("@type", TYPE + type);
        config.putAll(fields);
        return Map.of("name", name, "typed_config", config);
    }

    private static Requests request(Chance chance) {
        Requests request =
                new Requests(chance, chance.of("/a", "/b", "/a?x=1&y", "/c/\u00e9", "/a?"))
                        .anyMethod(0, 1, 5, 30);
        for (int i = chance.between(0, 4); i > 0; i--) {
            request.header(
                    chance.of("x-a", "x-b", "x-c", "referer", "user-agent")
                            + ": "
                            + chance.of("a", "1", "1.5", "a,b", "", "\u00e9", "true", "b b"));
        }
        return request;
    }
}
