package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Tracing: sampling of all or nothing, custom tags of every kind, operations and decorators, and
 * the contexts that clients send, to a collector that shows each span and a server that shows what
 * was passed on.
 */
final class Traces implements Area {

    private static final String B3_ID = "463ac35c9f6413ad48485a3953bb6124";

    @Override
    public void write(Draft draft) {
        Chance chance = draft.chance();
        boolean zipkin = chance.in(50);
        draft.upstream(
                "a",
                "{respond: [{when: {path: /b}, status: 503}, {when: {path: /n}, headers:"
                        + " ['x-envoy-decorator-operation: told-by-server', 'x-r: b']}, {when: {path: /c},"
                        + " end: close}, {headers: ['x-r: a']}]}");
        draft.cluster("a", "{metadata: {filter_metadata: {about: {color: blue, n: 1.5}}}}");
        if (zipkin) {
            draft.upstream("col", "{spans: zipkin, respond: [{status: 202, silent: true}]}");
        } else {
            draft.upstream(
                    "col",
                    "{protocol: h2, spans: otlp-grpc, respond: [{silent: true, headers: ['content-type:"
                            + " application/grpc'], body: \"\\0\\0\\0\\0\\0\", trailers: ['grpc-status:"
                            + " 0']}]}");
            draft.cluster("col", "{http2_protocol_options: {}}");
        }
        draft.merge(
                "bootstrap_extra",
                "{layered_runtime: {layers: [{name: static, static_layer:"
                        + " {tracing.zipkin.min_flush_spans: 1, tracing.opentelemetry.min_flush_spans:"
                        + " 1}}]}, node: {id: n, cluster: c}}");
        draft.merge(
                "hcm",
                "{generate_request_id: true, tracing: {%s}}".formatted(settings(chance, zipkin)));
        if (chance.in(40)) {
            draft.merge(
                    "listener",
                    "{traffic_direction: %s}".formatted(chance.of("INBOUND", "OUTBOUND")));
        }
        routes(draft, chance);
        draft.merge(
                "access_log_format",
                "{op: '%REQ(x-envoy-decorator-operation)%', trace: '%TRACE_ID%', requested:"
                        + " '%REQ(x-envoy-force-trace)%'}");
        draft.merge(
                "normalise",
                "[{pattern: '(?<![0-9a-f])(?!%1$s|0000000000000def|48485a3953bb6124)([0-9a-f]{32}|[0-9a-f]{16})(?![0-9a-f])', with: <id>}]"
                        .formatted(B3_ID));
        draft.put(
                "pages",
                List.of(Map.of("path", "/clusters", "lines", "^" + draft.own("a") + "::")));
        draft.merge("upstreams_unordered", "true");
        draft.unsteady("col\\..*|external\\..*|internal\\..*");
        for (int i = chance.between(4, 8); i > 0; i--) {
            request(chance).addTo(draft);
        }
    }

    private static String settings(Chance chance, boolean zipkin) {
        List<String> parts = new ArrayList<>();
        for (String sampling :
                chance.some(0, 3, "client_sampling", "random_sampling", "overall_sampling")) {
            parts.add("%s: {value: %d}".formatted(sampling, chance.of(0, 100, 100)));
        }
        if (chance.in(40)) {
            parts.add("spawn_upstream_span: " + chance.in(70));
        }
        if (chance.in(30)) {
            parts.add("verbose: true");
        }
        if (chance.in(30)) {
            parts.add("max_path_tag_length: " + chance.of(1, 5, 20));
        }
        if (chance.in(30)) {
            parts.add("operation: '%s'".formatted(operation(chance)));
        }
        if (chance.in(20)) {
            parts.add("upstream_operation: '%s'".formatted(operation(chance)));
        }
        parts.add("custom_tags: [" + tags(chance) + "]");
        parts.add(
                "provider: "
                        + (zipkin
                                ? "{name: z, typed_config: {'@type': type.googleapis.com/envoy.config.trace.v3.ZipkinConfig, collector_cluster: $col, collector_endpoint: /spans, collector_endpoint_version: HTTP_JSON%s%s%s}}"
                                        .formatted(
                                                chance.in(40) ? ", trace_id_128bit: true" : "",
                                                chance.in(40) ? ", shared_span_context: false" : "",
                                                chance.in(30)
                                                        ? ", trace_context_option: USE_B3_WITH_W3C_PROPAGATION"
                                                        : "")
                                : "{name: o, typed_config: {'@type': type.googleapis.com/envoy.config.trace.v3.OpenTelemetryConfig, grpc_service: {envoy_grpc: {cluster_name: $col}, timeout: 1s}, service_name: s}}"));
        return String.join(", ", parts);
    }

    private static String operation(Chance chance) {
        return chance.of(
                "fixed",
                "%REQ(:METHOD)% %REQ(x-tag)%",
                "%ROUTE_NAME%:%RESPONSE_CODE%",
                "%REQ(none)%");
    }

    private static String tags(Chance chance) {
        List<String> tags = new ArrayList<>();
        for (int i = chance.between(0, 5); i > 0; i--) {
            tags.add(
                    "{tag: %s, %s}"
                            .formatted(chance.of("t", "u", "v", "http.method"), tag(chance)));
        }
        return String.join(", ", tags);
    }

    private static String tag(Chance chance) {
        String fallback = chance.in(50) ? ", default_value: other" : "";
        return switch (chance.between(0, 4)) {
            case 0 -> "literal: {value: '%s'}".formatted(chance.of("eral", "é", "a b"));
            case 1 -> "environment: {name: NO_SUCH_VARIABLE%s}".formatted(fallback);
            case 2 ->
                    "request_header: {name: %s%s}"
                            .formatted(chance.of("x-tag", "':path'", "none", "X-Tag"), fallback);
            case 3 ->
                    "metadata: {kind: {%s: {}}, metadata_key: {key: about, path: [{key: %s}]}%s}"
                            .formatted(
                                    chance.of("cluster", "route", "host", "request"),
                                    chance.of("color", "n", "l", "none"),
                                    fallback);
            default ->
                    "value: '%s'"
                            .formatted(
                                    chance.of(
                                            "%REQ(x-tag)%",
                                            "%RESPONSE_CODE% %UPSTREAM_CLUSTER%",
                                            "%REQ(none)%",
                                            "%RESP(x-r)%",
                                            "%ROUTE_NAME%"));
        };
    }

    private static void routes(Draft draft, Chance chance) {
        for (String path : List.of("/a", "/b", "/n", "/d")) {
            String decorator =
                    chance.in(40)
                            ? ", decorator: {operation: '%s'%s}"
                                    .formatted(
                                            chance.of("deco", "d %REQ(x-tag)%"),
                                            chance.in(50) ? ", propagate: " + chance.in(50) : "")
                            : "";
            String tracing =
                    chance.in(40)
                            ? ", tracing: {%scustom_tags: [%s]%s}"
                                    .formatted(
                                            chance.in(40)
                                                    ? "random_sampling: {numerator: %d}, "
                                                            .formatted(chance.of(0, 100))
                                                    : "",
                                            tags(chance),
                                            chance.in(30)
                                                    ? ", operation: '" + operation(chance) + "'"
                                                    : "")
                            : "";
            draft.route(
                    "{name: r%s, match: {prefix: %s}, metadata: {filter_metadata: {about: {n: 7, l: [1, a], color: ''}}}, %s%s%s}"
                            .formatted(
                                    path.substring(1),
                                    path,
                                    path.equals("/d")
                                            ? "direct_response: {status: 403}"
                                            : "route: {cluster: $a}",
                                    decorator,
                                    tracing));
        }
        draft.route("{match: {prefix: /}, route: {cluster: $a}}");
    }

    private static Requests request(Chance chance) {
        Requests request =
                new Requests(chance, chance.of("/a", "/b", "/n", "/d", "/c", "/a/longer/path?q=1"));
        if (chance.in(50)) {
            request.header("x-tag: " + chance.of("1", "b c", ""));
        }
        if (chance.in(20)) {
            request.header("x-envoy-force-trace: true");
        }
        if (chance.in(25)) {
            request.header("x-client-trace-id: " + chance.of("abc", ""));
        }
        if (chance.in(20)) {
            request.header("x-envoy-decorator-operation: " + chance.of("told-by-client", ""));
        }
        switch (chance.between(0, 6)) {
            case 0 -> {
                request.header("x-b3-traceid: " + chance.of(B3_ID, B3_ID.substring(16), "xyz"));
                request.header("x-b3-spanid: 0000000000000def");
                if (chance.in(60)) {
                    request.header("x-b3-sampled: " + chance.of("0", "1", "true", "d"));
                }
                if (chance.in(20)) {
                    request.header("x-b3-flags: 1");
                }
            }
            case 1 ->
                    request.header(
                            "b3: "
                                    + chance.of(
                                            B3_ID + "-0000000000000def-1",
                                            B3_ID + "-0000000000000def-0",
                                            B3_ID + "-0000000000000def",
                                            "0",
                                            "d",
                                            "bad"));
            case 2, 3 -> {
                request.header(
                        "traceparent: "
                                + chance.of(
                                        "00-" + B3_ID + "-0000000000000def-01",
                                        "00-" + B3_ID + "-0000000000000def-00",
                                        "01-" + B3_ID + "-0000000000000def-01",
                                        "00-" + B3_ID + "-0000000000000def-01-more",
                                        "00-" + "0".repeat(32) + "-0000000000000def-01",
                                        "00-short-01"));
                if (chance.in(50)) {
                    request.header("tracestate: " + chance.of("a=1", "a=1,b=2", ""));
                }
            }
            default -> request.with("method", chance.of("GET", "HEAD", "DELETE"));
        }
        return request;
    }
}
