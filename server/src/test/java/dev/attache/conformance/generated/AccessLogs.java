package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The access log: operators with arguments and lengths in text and nested JSON, values left out,
 * and filters of every kind within each other.
 */
final class AccessLogs implements Area {

    private static final String LOG =
            "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog";

    @Override
    public void write(Draft draft) {
        Chance chance = draft.chance();
        draft.upstream(
                "a",
                "{respond: [{when: {path: /b}, status: 404, headers: ['x-r: b', 'x-long: abcdefghij']},"
                        + " {when: {path: /g}, headers: ['content-type: application/grpc', 'grpc-status:"
                        + " 5', 'grpc-message: no']}, {when: {path: /t}, chunked: true, body: hello,"
                        + " trailers: ['x-t: of the end', 'grpc-status: 7']}, {when: {path: /c}, end:"
                        + " close}, {headers: ['x-r: a', 'x-r: c'], body: hello}]}");
        draft.route("{name: direct, match: {prefix: /d}, direct_response: {status: 503}}");
        draft.route("{name: gone, match: {prefix: /n}, route: {cluster_header: x-none}}");
        draft.route(
                "{name: rt, match: {prefix: /}, metadata: {filter_metadata: {n: {s: x, l: [1, two]}}},"
                        + " route: {cluster: $a}}");
        draft.merge(
                "http_filters",
                "[{name: set, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.http.set_metadata.v3.Config, metadata: [{metadata_namespace: n, value: {s: \"q\\\"\\n\", i: 12, f: 1.5, b: true, z: null, l: [1, {a: b}], o: {p: q}, e: ''}}]}}]");
        draft.merge("access_log_unordered", "true");
        List<Object> logs = new ArrayList<>();
        for (int i = chance.between(5, 9); i > 0; i--) {
            logs.add(log(chance, i));
        }
        draft.put("access_log", logs);
        draft.merge("normalise", "[{pattern: '(?<=@)[0-9]+(?=@)', with: <number>}]");
        for (int i = chance.between(4, 8); i > 0; i--) {
            request(chance).addTo(draft);
        }
    }

    private static Map<String, Object> log(Chance chance, int number) {
        Map<String, Object> format = new LinkedHashMap<>();
        if (chance.in(50)) {
            format.put("json_format", object(chance, 3));
        } else {
            format.put(
                    "text_format_source",
                    Map.of("inline_string", number + " " + text(chance, 8) + "\n"));
        }
        if (chance.in(40)) {
            format.put("omit_empty_values", true);
        }
        if (chance.in(30)) {
            format.put("json_format_options", Map.of("sort_properties", chance.in(50)));
        }
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("@type", LOG);
        config.put("path", "${log}");
        config.put("log_format", format);
        Map<String, Object> log = new LinkedHashMap<>();
        log.put("name", "f");
        if (chance.in(80)) {
            log.put("filter", LogFilters.make(chance, 2));
        }
        log.put("typed_config", config);
        return log;
    }

    private static Map<String, Object> object(Chance chance, int depth) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = chance.between(1, 6); i > 0; i--) {
            fields.put(chance.of("a", "b", "z", "é", "a b", "\"", "m") + i, value(chance, depth));
        }
        return fields;
    }

    private static Object value(Chance chance, int depth) {
        return switch (chance.between(0, depth > 1 ? 9 : 6)) {
            case 0, 1, 2, 3 -> operator(chance);
            case 4, 5 -> text(chance, 3);
            case 6 -> chance.of((Object) 1, true, 1.5, "", "plain");
            case 7 -> List.of(value(chance, depth - 1), value(chance, depth - 1));
            default -> object(chance, depth - 1);
        };
    }

    private static String text(Chance chance, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = chance.between(1, most); i > 0; i--) {
            text.append(chance.of("", " ", "|", "%%", "é", "\""));
            text.append(operator(chance));
        }
        return text.toString();
    }

    private static String operator(Chance chance) {
        String length = chance.in(35) ? ":" + chance.of(0, 1, 2, 3, 5, 99) : "";
        return switch (chance.between(0, 11)) {
            case 0, 1 -> "%REQ(" + twoNames(chance) + ")" + length + "%";
            case 2, 3 -> "%RESP(" + twoNames(chance) + ")" + length + "%";
            case 4 ->
                    "%TRAILER("
                            + chance.of("x-t", "x-none?X-T", "grpc-status")
                            + ")"
                            + length
                            + "%";
            case 5, 6 ->
                    "%DYNAMIC_METADATA("
                            + chance.of(
                                    "n", "n:s", "n:i", "n:f", "n:b", "n:z", "n:l", "n:o", "n:o:p",
                                    "n:e", "n:x", "m", "n:o:p:q")
                            + ")"
                            + length
                            + "%";
            case 7 ->
                    "%METADATA("
                            + chance.of(
                                    "ROUTE:n",
                                    "ROUTE:n:s",
                                    "ROUTE:n:l",
                                    "CLUSTER:n",
                                    "DYNAMIC:n:i",
                                    "UPSTREAM_HOST:n",
                                    "LISTENER:n",
                                    "VIRTUAL_HOST:n")
                            + ")"
                            + length
                            + "%";
            case 8 ->
                    "%"
                            + chance.of(
                                    "QUERY_PARAM(q)",
                                    "QUERY_PARAM(none)",
                                    "PATH(NQ)",
                                    "PATH(WQ:ORIG)",
                                    "PATH(NQ:PATH)",
                                    "GRPC_STATUS(SNAKE_STRING)",
                                    "GRPC_STATUS(NUMBER)",
                                    "GRPC_STATUS(CAMEL_STRING)",
                                    "ENVIRONMENT(NO_SUCH)")
                            + "%";
            case 9 ->
                    "@%"
                            + chance.of(
                                    "START_TIME(%s)",
                                    "DURATION",
                                    "RESPONSE_DURATION",
                                    "REQUEST_DURATION",
                                    "START_TIME(%s%3f)",
                                    "COMMON_DURATION(DS_RX_BEG:DS_RX_END:ms)")
                            + "%@";
            default -> "%" + plain(chance) + "%";
        };
    }

    private static String twoNames(Chance chance) {
        String[] names = {
            ":METHOD",
            ":PATH",
            ":AUTHORITY",
            "x-a",
            "X-B",
            "x-none",
            ":STATUS",
            "x-r",
            "x-long",
            "content-type",
            "grpc-status",
            "user-agent"
        };
        return chance.of(names) + (chance.in(40) ? "?" + chance.of(names) : "");
    }

    private static String plain(Chance chance) {
        return chance.of(
                "PROTOCOL",
                "RESPONSE_CODE",
                "RESPONSE_CODE_DETAILS",
                "RESPONSE_FLAGS",
                "RESPONSE_FLAGS_LONG",
                "BYTES_RECEIVED",
                "BYTES_SENT",
                "ROUTE_NAME",
                "UPSTREAM_CLUSTER",
                "VIRTUAL_CLUSTER_NAME",
                "UPSTREAM_REQUEST_ATTEMPT_COUNT",
                "GRPC_STATUS",
                "GRPC_STATUS_NUMBER",
                "CONNECTION_TERMINATION_DETAILS",
                "DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT",
                "UPSTREAM_HOST",
                "UPSTREAM_PROTOCOL",
                "ACCESS_LOG_TYPE",
                "FILTER_CHAIN_NAME",
                "REQUESTED_SERVER_NAME",
                "LOCAL_REPLY_BODY",
                "RESPONSE_TRAILERS_BYTES",
                "UPSTREAM_TRANSPORT_FAILURE_REASON",
                "DOWNSTREAM_TLS_VERSION",
                "UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT");
    }

    private static Requests request(Chance chance) {
        Requests request =
                new Requests(
                        chance,
                        chance.of(
                                "/a",
                                "/b",
                                "/g",
                                "/t",
                                "/c",
                                "/d",
                                "/n",
                                "/a?q=1&q=2",
                                "/b?x&q=%41"));
        if (chance.in(15)) {
            request.grpc();
        } else {
            request.anyMethod(0, 3, 2000);
        }
        for (int i = chance.between(0, 3); i > 0; i--) {
            request.header(
                    chance.of("x-a", "x-b", "user-agent")
                            + ": "
                            + chance.of("1", "two words", "\u00e9", "", "a\"b\\c", "x".repeat(30)));
        }
        return request;
    }
}
