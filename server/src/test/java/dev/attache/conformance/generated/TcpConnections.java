package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** TCP, with TLS on either side, both or none: half-close, idle connections, failures, weights. */
final class TcpConnections implements Area {
    @Override
    public void write(Draft draft) {
        Chance chance = draft.chance();
        boolean secureBelow = chance.in(50);
        boolean secureAbove = chance.in(45);
        boolean proxied = chance.in(20);
        String steps = upstreamSteps(chance);
        String target = target(chance);
        // who ends a failing connection first, and with how much unread, is a race: only that it
        // ends counts
        boolean blunt =
                proxied
                        || secureAbove
                        || steps.contains("close: true")
                        || steps.contains("reset")
                        || !target.contains("$a");
        draft.upstream(
                "a",
                "{protocol: tcp%s%s}"
                        .formatted(
                                steps,
                                secureAbove
                                        ? ", tls: {cert: %s, record: true}"
                                                .formatted(
                                                        chance.of(
                                                                "upstream",
                                                                "upstream",
                                                                "server",
                                                                "expired"))
                                        : ""));
        draft.cluster("a", cluster(chance, secureAbove));
        draft.cluster(
                "dead",
                "{type: STATIC, connect_timeout: 2s, load_assignment: {cluster_name: $dead,"
                        + " endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address:"
                        + " 127.0.0.1, port_value: 1}}}}]}]}}");
        draft.merge("tcp", "{stat_prefix: $self, %s%s}".formatted(target, options(chance)));
        if (!secureAbove && target.contains("$a")) {
            // where connecting upstream fails, the ClientHello may have come or not
            draft.merge("access_log_format", "{tls: '%DOWNSTREAM_TLS_VERSION%'}");
        }
        draft.merge(
                "access_log_format",
                """
                {sni: '%REQUESTED_SERVER_NAME%', uptls: '%UPSTREAM_TLS_VERSION%', upsubject: '%UPSTREAM_PEER_SUBJECT%',
                 uptx: '%UPSTREAM_WIRE_BYTES_SENT%', attempts: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%', remote: '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%',
                 client: '%DOWNSTREAM_REMOTE_ADDRESS%', down: '%DOWNSTREAM_TRANSPORT_FAILURE_REASON%', protocol: '%PROTOCOL%', code: '%RESPONSE_CODE%'}
                """);
        draft.merge("access_log_unordered", "true");
        draft.merge(
                "normalise", "[{pattern: 'TCP4 127.0.0.1 127.0.0.1 \\d+', with: TCP4 <client>}]");
        if (secureBelow) {
            draft.merge(
                    "tls",
                    "{common_tls_context: {tls_certificates: [{certificate_chain: {filename: '${cert.server}'}, private_key: {filename: '${key.server}'}}]%s}%s}"
                            .formatted(
                                    chance.in(40)
                                            ? ", validation_context: {trusted_ca: {filename:"
                                                    + " '${cert.ca}'}}"
                                            : "",
                                    ""));
        }
        listenerFilters(draft, chance, proxied, secureBelow);
        for (int i = chance.between(3, 6); i > 0; i--) {
            draft.step("tcp", connection(chance, secureBelow, proxied, blunt));
        }
    }

    private static void listenerFilters(
            Draft draft, Chance chance, boolean proxied, boolean secure) {
        List<String> filters = new ArrayList<>();
        if (proxied) {
            filters.add(
                    "{name: pp, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol%s}}"
                            .formatted(
                                    chance.in(40)
                                            ? ", allow_requests_without_proxy_protocol: true"
                                            : ""));
        }
        if (secure && chance.in(50)) {
            filters.add(
                    "{name: tls, typed_config: {'@type':"
                            + " type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}}");
        }
        if (!filters.isEmpty()) {
            draft.merge(
                    "listener", "{listener_filters: [%s]}".formatted(String.join(", ", filters)));
        }
        if (chance.in(15)) {
            draft.merge("listener", "{per_connection_buffer_limit_bytes: 4096}");
        }
    }

    private static String target(Chance chance) {
        return switch (chance.between(0, 9)) {
            case 0 -> "cluster: $dead";
            case 1 -> "cluster: $none";
            case 2, 3 ->
                    "weighted_clusters: {clusters: [{name: $a, weight: %d}]}"
                            .formatted(chance.between(1, 5));
            default -> "cluster: $a";
        };
    }

    private static String options(Chance chance) {
        List<String> parts = new ArrayList<>(List.of(""));
        if (chance.in(30)) {
            parts.add("idle_timeout: 0.4s");
        }
        if (chance.in(15)) {
            parts.add("max_downstream_connection_duration: 0.5s");
        }
        if (chance.in(25)) {
            parts.add("max_connect_attempts: " + chance.between(1, 3));
        }
        if (chance.in(20)) {
            parts.add("access_log_options: {flush_access_log_on_connected: true}");
        }
        return String.join(", ", parts);
    }

    private static String cluster(Chance chance, boolean secure) {
        if (!secure) {
            return "{connect_timeout: %ds}".formatted(chance.between(2, 5));
        }
        String validation =
                chance.of(
                        "",
                        ", validation_context: {trusted_ca: {filename: '${cert.ca}'}}",
                        ", validation_context: {trusted_ca: {filename: '${cert.ca}'},"
                                + " match_typed_subject_alt_names: [{san_type: DNS, matcher: {exact:"
                                + " upstream.test}}]}",
                        ", validation_context: {trusted_ca: {filename: '${cert.other-ca}'}}");
        String own =
                chance.in(40)
                        ? ", tls_certificates: [{certificate_chain: {filename: '${cert.client}'},"
                                + " private_key: {filename: '${key.client}'}}]"
                        : "";
        return "{transport_socket: {name: tls, typed_config: {'@type': type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext%s, common_tls_context: {tls_params: {}%s%s}}}}"
                .formatted(chance.in(60) ? ", sni: upstream.test" : "", validation, own);
    }

    private static String upstreamSteps(Chance chance) {
        return chance.of(
                "",
                "",
                "",
                ", steps: [{send: hello}, {read_to_end: true}]",
                ", steps: [{read: 3}, {send: bye}, {half_close: true}, {read_to_end: true}]",
                ", steps: [{read: 3}, {send: bye}, {close: true}]",
                ", steps: [{read: 3}, {reset: true}]",
                ", steps: [{send: {repeat: z, count: 300000}}, {half_close: true}, {read_to_end:"
                        + " true}]",
                ", steps: [{close: true}]");
    }

    private static Map<String, Object> connection(
            Chance chance, boolean secure, boolean proxied, boolean blunt) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("timeout_ms", 900);
        if (blunt) {
            spec.put("blunt", true);
        }
        if (secure && chance.in(90)) {
            Map<String, Object> tls = new LinkedHashMap<>();
            tls.put("sni", chance.of("server.test", "a.wild.test", "other.test"));
            if (chance.in(40)) {
                tls.put("cert", chance.of("client", "client-other"));
            }
            if (chance.in(30)) {
                tls.put("version", chance.of("TLSv1.2", "TLSv1.3"));
            }
            spec.put("tls", tls);
        }
        if (proxied && chance.in(85)) {
            spec.put(
                    "prelude",
                    chance.of(
                            "PROXY TCP4 1.2.3.4 5.6.7.8 111 222\r\n",
                            "PROXY UNKNOWN\r\n",
                            "PROXY TCP4 bad\r\n",
                            "PROXY TCP6 ::1 ::2 1 2\r\n"));
        }
        // bytes first, their end later: listener filters that see both at once close the connection
        Map<String, Object> pause = Map.of("wait_ms", proxied || secure ? 60 : 0);
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
                                Map.of(
                                        "send",
                                        Map.of("repeat", "q", "count", blunt ? 2_000 : 200_000)),
                                pause,
                                Map.of("half_close", true),
                                Map.of("read_to_end", true)),
                        List.of(
                                Map.of("send", "abc"),
                                Map.of("read_to_end", true),
                                Map.of("close", true)),
                        List.of(Map.of("send", "abc"), Map.of("read", 3), Map.of("close", true))));
        return spec;
    }
}
