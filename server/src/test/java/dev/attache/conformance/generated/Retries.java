package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.List;

/** Retries: what is retried, how often, with which body, on which host, within which budget. */
final class Retries implements Area {
    @Override
    public void write(Draft draft) {
        Chance chance = draft.chance();
        boolean http2 = chance.in(40);
        int requests = chance.between(4, 8);
        draft.upstream(
                "a",
                "{protocol: %s, hosts: %d, respond: [%s]}"
                        .formatted(
                                http2 ? "h2" : "h1",
                                chance.of(1, 1, 2, 3),
                                failures(chance, http2)));
        draft.cluster("a", cluster(chance));
        if (chance.in(30)) {
            draft.merge("hcm", "{http2_protocol_options: {allow_connect: true}}");
        }
        String policy = policy(chance);
        boolean hostLevel = chance.in(20);
        if (hostLevel) {
            draft.merge("virtual_host", "{retry_policy: %s}".formatted(policy));
        }
        String attempts =
                chance.in(50)
                        ? "{include_request_attempt_count: true, include_attempt_count_in_response: %s}"
                                .formatted(chance.in(50))
                        : "{}";
        draft.merge("virtual_host", attempts);
        draft.route(
                "{match: {prefix: /dead}, route: {cluster: $dead, retry_policy: %s}}"
                        .formatted(policy(chance)));
        draft.route(
                "{match: {prefix: /}, route: {cluster: $a%s}%s}"
                        .formatted(
                                hostLevel ? "" : ", retry_policy: " + policy, bufferLimit(chance)));
        draft.cluster(
                "dead",
                """
                {type: STATIC, connect_timeout: 2s, load_assignment: {cluster_name: $dead, endpoints: [{lb_endpoints: [
                  {endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 1}}}}]}]}}
                """);
        for (int i = 0; i < requests; i++) {
            request(chance, i).addTo(draft);
        }
    }

    private static Requests request(Chance chance, int number) {
        String path = chance.in(10) ? "/dead/" : chance.of("/one/", "/two/", "/x/");
        Requests request = new Requests(chance, path + number);
        if (chance.in(15)) {
            request.grpc();
        } else {
            // what is refused while a large body is on its way is a race
            Integer[] large = {0, 10, 1500, 30_000, 70_000, 200_000};
            Integer[] small = {0, 1, 5, 10, 50, 100};
            request.anyMethod(path.startsWith("/dead") ? small : large);
        }
        if (chance.in(25)) {
            request.header("x-envoy-retry-on: " + chance.of(RETRY_ON));
        }
        if (chance.in(15)) {
            request.header("x-envoy-max-retries: " + chance.of("0", "1", "2", "4", "x", ""));
        }
        if (chance.in(10)) {
            request.header(
                    "x-envoy-retry-grpc-on: " + chance.of("unavailable", "cancelled,internal"));
        }
        if (chance.in(10)) {
            request.header(
                    "x-envoy-retriable-status-codes: " + chance.of("404", "418, 429", "a,404"));
        }
        if (chance.in(10)) {
            request.header("x-envoy-retriable-header-names: " + chance.of("x-r", "X-R,x-none"));
        }
        if (chance.in(30)) {
            request.header("x-q: " + chance.of("yes", "no"));
        }
        return request;
    }

    private static final List<String> RETRY_ON =
            List.of(
                    "5xx",
                    "gateway-error",
                    "reset",
                    "connect-failure",
                    "retriable-4xx",
                    "refused-stream",
                    "retriable-status-codes",
                    "retriable-headers",
                    "envoy-ratelimited",
                    "http3-post-connect-failure",
                    "reset-before-request");

    private static String policy(Chance chance) {
        List<String> on = new ArrayList<>(chance.some(1, 3, RETRY_ON.toArray(String[]::new)));
        if (chance.in(20)) {
            on.addAll(
                    chance.some(
                            1, 2, "unavailable", "cancelled", "resource-exhausted", "internal"));
        }
        List<String> parts = new ArrayList<>();
        parts.add("retry_on: '%s'".formatted(String.join(",", on)));
        parts.add("retry_back_off: {base_interval: 0.001s, max_interval: 0.003s}");
        if (chance.in(70)) {
            parts.add("num_retries: " + chance.between(0, 4));
        }
        if (chance.in(50)) {
            parts.add("retriable_status_codes: " + chance.some(1, 2, "404", "418", "429", "503"));
        }
        if (chance.in(40)) {
            parts.add(
                    "retriable_headers: [{name: x-r, %s}]"
                            .formatted(
                                    chance.of(
                                            "present_match: true",
                                            "string_match: {exact: again}",
                                            "string_match: {prefix: a}, invert_match: true")));
        }
        if (chance.in(20)) {
            parts.add("retriable_request_headers: [{name: x-q, string_match: {exact: 'yes'}}]");
        }
        if (chance.in(35)) {
            parts.add(hosts(chance));
        }
        if (chance.in(15)) {
            parts.add(
                    "rate_limited_retry_back_off: {reset_headers: [{name: retry-after, format:"
                            + " SECONDS}], max_interval: 0.5s}");
        }
        return "{" + String.join(", ", parts) + "}";
    }

    private static String hosts(Chance chance) {
        String type = "'@type': type.googleapis.com/envoy.extensions.retry.";
        return chance.of(
                        "retry_host_predicate: [{name: p, typed_config:"
                                + " {%shost.previous_hosts.v3.PreviousHostsPredicate}}],"
                                + " host_selection_retry_max_attempts: %d",
                        "retry_host_predicate: [{name: p, typed_config:"
                                + " {%shost.omit_canary_hosts.v3.OmitCanaryHostsPredicate}}],"
                                + " host_selection_retry_max_attempts: %d")
                .formatted(type, chance.between(1, 3));
    }

    private static String bufferLimit(Chance chance) {
        return chance.in(35)
                ? ", "
                        + chance.of(
                                "per_request_buffer_limit_bytes: ", "request_body_buffer_limit: ")
                        + chance.of(0, 9, 1000, 65_536, 1_000_000)
                : "";
    }

    private static String cluster(Chance chance) {
        List<String> parts = new ArrayList<>();
        if (chance.in(25)) {
            parts.add(
                    "circuit_breakers: {thresholds: [{%s}]}"
                            .formatted(
                                    chance.of(
                                            "max_retries: 0",
                                            "max_retries: 1",
                                            "retry_budget: {budget_percent: {value: 20},"
                                                    + " min_retry_concurrency: 1}",
                                            "retry_budget: {budget_percent: {value: 100},"
                                                    + " min_retry_concurrency: 0}")));
        }
        if (chance.in(30)) {
            parts.add("per_connection_buffer_limit_bytes: " + chance.of(1024, 65_536));
        }
        return "{" + String.join(", ", parts) + "}";
    }

    /** Which of the upstream's requests fail, and how. */
    private static String failures(Chance chance, boolean http2) {
        List<String> entries = new ArrayList<>();
        for (int i = chance.between(1, 3); i > 0; i--) {
            List<String> turns =
                    chance.some(
                            1, 6, "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12");
            entries.add("{when: {nth: %s}, %s}".formatted(turns, failure(chance, http2)));
        }
        entries.add(
                "{headers: ['x-r: final'], body: done%s}"
                        .formatted(chance.in(30) ? ", trailers: ['x-t: end']" : ""));
        return String.join(", ", entries);
    }

    private static String failure(Chance chance, boolean http2) {
        if (chance.in(25)) {
            return http2
                    ? "end: %s, error_code: %d"
                            .formatted(
                                    chance.of("reset", "reset-after-headers"),
                                    chance.of(2, 7, 8, 1))
                    : "end: "
                            + chance.of(
                                    "close", "reset", "close-after-headers", "close-after-body");
        }
        if (chance.in(15) && http2) {
            return "status: 200, headers: ['content-type: application/grpc', 'grpc-status: %d'], body: ''"
                    .formatted(chance.of(14, 1, 8, 13, 0, 5));
        }
        String headers =
                chance.of(
                        "",
                        "",
                        "'x-r: again'",
                        "'x-envoy-ratelimited: true'",
                        "'retry-after: 1'",
                        "'x-envoy-overloaded: true'",
                        "'x-r: other', 'x-r: again'");
        return "status: %d, headers: [%s], body: '%s'"
                .formatted(
                        chance.of(500, 502, 503, 504, 404, 409, 418, 429, 200, 301),
                        headers,
                        chance.of("", "failed"));
    }
}
