package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * TCP within HTTP: a tcp_proxy with a tunneling_config in front of a listener of the same proxy
 * that ends CONNECT or POST, by HTTP/1 or HTTP/2, over connections that end by halves.
 */
final class Tunnels implements Area {

    private static final String TYPE = "'@type': type.googleapis.com/envoy.";

    @Override
    public void write(Draft draft) {
        Chance chance = draft.chance();
        boolean post = chance.in(35);
        boolean second = post || chance.in(60);
        draft.upstream("a", "{protocol: tcp%s}".formatted(steps(chance)));
        draft.merge("ports", "[end]");
        draft.cluster(
                "end",
                "{type: STATIC, connect_timeout: 2s, load_assignment: {cluster_name: $end, endpoints:"
                        + " [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1,"
                        + " port_value: '${port.end}'}}}}]}]}%s}"
                                .formatted(
                                        second
                                                ? ", typed_extension_protocol_options:"
                                                        + " {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {"
                                                        + TYPE
                                                        + "extensions.upstreams.http.v3.HttpProtocolOptions,"
                                                        + " explicit_http_config: {http2_protocol_options: {}}}}"
                                                : ""));
        draft.merge(
                "tcp",
                "{stat_prefix: $self, cluster: $end, tunneling_config: {%s}%s}"
                        .formatted(
                                tunnel(chance, post),
                                chance.in(30) ? ", max_connect_attempts: 2" : ""));
        draft.merge("listeners", "[%s]".formatted(end(chance, post)));
        draft.merge(
                "access_log_format",
                """
                {uphost: '%UPSTREAM_PROTOCOL%', code: '%RESPONSE_CODE%', plain: '%FILTER_STATE(envoy.tcp_proxy.propagate_response_headers:PLAIN)%', head: '%FILTER_STATE(envoy.tcp_proxy.propagate_response_headers)%',
                 attempts: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%', protocol: '%PROTOCOL%'}
                """);
        draft.merge("access_log_unordered", "true");
        draft.merge("normalise", "[{pattern: '(?<=\"date\",\"value\":\")[^\"]*', with: <date>}]");
        for (int i = chance.between(3, 5); i > 0; i--) {
            draft.step("tcp", connection(chance));
        }
    }

    private static String steps(Chance chance) {
        return chance.of(
                "",
                "",
                ", steps: [{send: hello}, {read_to_end: true}]",
                ", steps: [{read: 3}, {send: bye}, {half_close: true}, {read_to_end: true}]",
                ", steps: [{read_to_end: true}, {send: late}]");
    }

    private static String tunnel(Chance chance, boolean post) {
        List<String> parts = new ArrayList<>();
        parts.add(
                "hostname: '%s'"
                        .formatted(
                                chance.of(
                                        "host.test:443",
                                        "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%:80",
                                        "a.test:%DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT%",
                                        "x%DYNAMIC_METADATA(none:a)%:1")));
        if (post) {
            parts.add("use_post: true");
            if (chance.in(50)) {
                parts.add("post_path: '%s'".formatted(chance.of("/p", "/p?q=1")));
            }
        }
        if (chance.in(40)) {
            parts.add("propagate_response_headers: true");
        }
        if (chance.in(30)) {
            parts.add("propagate_response_trailers: true");
        }
        List<String> headers = new ArrayList<>();
        for (int i = chance.between(0, 3); i > 0; i--) {
            headers.add(
                    "{header: {key: %s, value: '%s'}%s}"
                            .formatted(
                                    chance.of("x-a", "X-B", "x-a"),
                                    chance.of(
                                            "1",
                                            "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
                                            "%FILTER_STATE(none)%",
                                            "%PROTOCOL%|%UPSTREAM_CLUSTER%",
                                            "%REQ(a)%"),
                                    chance.in(40)
                                            ? ", append_action: "
                                                    + chance.of(
                                                            "OVERWRITE_IF_EXISTS_OR_ADD",
                                                            "ADD_IF_ABSENT",
                                                            "OVERWRITE_IF_EXISTS")
                                            : ""));
        }
        parts.add("headers_to_add: [" + String.join(", ", headers) + "]");
        return String.join(", ", parts);
    }

    /** A listener that ends the tunnel, or refuses it. */
    private static String end(Chance chance, boolean post) {
        String taken =
                post
                        ? "{match: {prefix: /}, route: {cluster: $a, upgrade_configs: [{upgrade_type: CONNECT, connect_config: {allow_post: true}}]}}"
                        : "{match: {connect_matcher: {}}, route: {cluster: $a, upgrade_configs: [{upgrade_type: CONNECT, connect_config: {}}]}}";
        String refused =
                "{match: {%s}, direct_response: {status: %d, body: {inline_string: no}}}"
                        .formatted(
                                post ? "prefix: /" : "connect_matcher: {}",
                                chance.of(403, 503, 200));
        return ("{name: $end, address: {socket_address: {address: 127.0.0.1, port_value: '${port.end}'}}, filter_chains: [{filters: [{name: h, typed_config: {%1$sextensions.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: $end, generate_request_id: false, upgrade_configs: [{upgrade_type: CONNECT}], http2_protocol_options: {allow_connect: true}, http_filters: [{name: r, typed_config: {%1$sextensions.filters.http.router.v3.Router}}], access_log: [{name: f, typed_config: {%1$sextensions.access_loggers.file.v3.FileAccessLog, path: '${log}', log_format: {text_format_source: {inline_string: \"%2$s\\n\"}}}}], route_config: {virtual_hosts: [{name: v, domains: ['*'], response_headers_to_add: [{header: {key: x-of-end, value: one}}], routes: [%3$s]}]}}}]}]}")
                .formatted(
                        TYPE,
                        "end %REQ(:METHOD)% %REQ(:PATH)% %REQ(:AUTHORITY)% %REQ(x-a)% %REQ(x-b)%"
                                + " %PROTOCOL% %RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%"
                                + " %BYTES_RECEIVED%/%BYTES_SENT% %REQ(x-envoy-attempt-count)%",
                        chance.in(85) ? taken : refused);
    }

    private static Map<String, Object> connection(Chance chance) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("timeout_ms", 900);
        spec.put("blunt", true);
        Map<String, Object> pause = Map.of("wait_ms", 40);
        spec.put(
                "steps",
                chance.of(
                        List.of(
                                Map.of("send", "abc"),
                                pause,
                                Map.of("half_close", true),
                                Map.of("read_to_end", true)),
                        List.of(
                                Map.of("send", "abc"),
                                Map.of("read", 3),
                                Map.of("half_close", true),
                                Map.of("read_to_end", true)),
                        List.of(
                                Map.of("send", Map.of("repeat", "q", "count", 70_000)),
                                pause,
                                Map.of("half_close", true),
                                Map.of("read_to_end", true)),
                        List.of(Map.of("send", "abc"), Map.of("read", 3), Map.of("close", true))));
        return spec;
    }
}
