package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.List;

/** HTTP/2 upstreams: trailers both ways, resets at each point, 1xx, gRPC answers, early answers. */
final class Http2Upstreams implements Area {
    private static final String OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    @Override
    public void write(Draft draft) {
        Chance chance = draft.chance();
        List<String> answers = new ArrayList<>();
        int paths = chance.between(4, 7);
        for (int i = 0; i < paths; i++) {
            answers.add("{when: {path: /p%d}, %s}".formatted(i, answer(chance)));
        }
        draft.upstream("a", "{protocol: h2, respond: [%s]}".formatted(String.join(", ", answers)));
        draft.cluster("a", cluster(chance));
        if (chance.in(30)) {
            draft.merge("hcm", "{http_protocol_options: {enable_trailers: true}}");
        }
        if (chance.in(30)) {
            draft.merge("hcm", "{proxy_100_continue: true}");
        }
        if (chance.in(40)) {
            draft.merge(
                    "http_filters",
                    """
                    [{name: grpc, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.http.grpc_stats.v3.FilterConfig,
                      stats_for_all_methods: %s, enable_upstream_stats: %s, emit_filter_state: %s}}]
                    """
                            .formatted(chance.in(50), chance.in(50), chance.in(30)));
        }
        for (int i = 0; i < paths; i++) {
            request(chance, "/p" + i).addTo(draft);
        }
        for (int i = chance.between(0, 3); i > 0; i--) {
            request(chance, "/p" + chance.between(0, paths - 1)).addTo(draft);
        }
    }

    private static String cluster(Chance chance) {
        String http2 =
                chance.of(
                        "{}",
                        "{}",
                        "{max_concurrent_streams: 1}",
                        "{override_stream_error_on_invalid_http_message: true}");
        return """
        {typed_extension_protocol_options: {%s: {'@type': type.googleapis.com/%s, explicit_http_config: {http2_protocol_options: %s}%s}}}
        """
                .formatted(
                        OPTIONS,
                        OPTIONS,
                        http2,
                        chance.in(25)
                                ? ", common_http_protocol_options: {max_requests_per_connection: %d}"
                                        .formatted(chance.between(1, 3))
                                : "");
    }

    private static String answer(Chance chance) {
        List<String> parts = new ArrayList<>();
        parts.add("status: " + chance.of(200, 200, 200, 201, 204, 304, 404, 500, 503));
        if (chance.in(30)) {
            parts.add("headers: [%s]".formatted(grpcHeaders(chance)));
        } else {
            parts.add("headers: ['x-r: %s']".formatted(chance.of("1", "a, b", "")));
        }
        parts.add(
                "body: "
                        + chance.of(
                                "''",
                                "''",
                                "hello",
                                "{repeat: ab, count: 5000}",
                                "{repeat: x, count: 100000}"));
        if (chance.in(40)) {
            parts.add(
                    "trailers: [%s]"
                            .formatted(
                                    chance.of(
                                            "'x-t: end'",
                                            "'grpc-status: 0'",
                                            "'grpc-status: 13', 'grpc-message: no%20way'",
                                            "'x-t: 1', 'x-t: 2', 'x-u: 3'")));
        }
        if (chance.in(20)) {
            parts.add(
                    "interim: [{status: %d, headers: ['link: </a>']}]"
                            .formatted(chance.of(100, 103, 102)));
        }
        if (chance.in(25)) {
            parts.add(
                    "end: %s, error_code: %d"
                            .formatted(
                                    chance.of(
                                            "reset",
                                            "reset-after-headers",
                                            "close-after-body",
                                            "close"),
                                    chance.of(0, 1, 2, 5, 7, 8, 11, 13)));
        }
        return String.join(", ", parts);
    }

    private static String grpcHeaders(Chance chance) {
        return chance.of(
                "'content-type: application/grpc'",
                "'content-type: application/grpc', 'grpc-status: 5', 'grpc-message: gone'",
                "'content-type: application/grpc+json'",
                "'content-type: application/grpc', 'grpc-status: x'",
                "'content-type: text/plain', 'grpc-status: 14'");
    }

    private static Requests request(Chance chance, String path) {
        if (chance.in(35)) {
            return new Requests(
                            chance,
                            chance.of("h2", "h2", "h1"),
                            path + chance.of("/pkg.Svc/Get", "/a", ""))
                    .grpc();
        }
        Requests request = new Requests(chance, path).anyMethod(0, 5, 20_000, 100_000);
        if (chance.in(15)) {
            request.header("te: trailers");
        }
        return request;
    }
}
