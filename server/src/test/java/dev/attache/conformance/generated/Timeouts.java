package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.List;

/**
 * Timeouts. Each path has one timer that can fire; the upstream answers at once or never, so that
 * nothing depends on how fast the machine is.
 */
final class Timeouts implements Area {
    private static final List<String> ROUTES =
            List.of("plain", "route", "try", "tryidle", "idle", "max", "grpc", "header", "zero");

    @Override
    public void write(Draft draft) {
        Chance chance = draft.chance();
        String protocol = chance.of("h1", "h1", "h2");
        draft.upstream(
                "a",
                """
                {protocol: %s, respond: [
                  {when: {path: /plain/early}, early: true, status: 200, body: early},
                  {when: {path: /plain}, body: plain},
                  {when: {path: /cut}, end: hang-after-headers, body: never},
                  %s, {end: hang}]}
                """
                        .formatted(
                                protocol,
                                ROUTES.stream()
                                        .map(r ->
                                                "{when: {path: /%s/cut}, end: hang-after-headers, body: never}, {when: {path: /%s/ok}, body: ok}"
                                                        .formatted(r, r))
                                        .reduce((x, y) -> x + ", " + y)
                                        .orElse("")));
        String manager = manager(chance);
        draft.merge("hcm", manager);
        ROUTES.forEach(name ->
                draft.route(
                        "{name: %s, match: {prefix: /%s}, route: {cluster: $a, %s}}"
                                .formatted(name, name, timers(chance, name))));
        for (int i = chance.between(3, 5); i > 0; i--) {
            request(chance).addTo(draft);
        }
        if (!manager.equals("{}")) {
            for (int i = chance.between(1, 2); i > 0; i--) {
                draft.step("raw", incomplete(chance));
            }
        }
    }

    private static String timers(Chance chance, String name) {
        String retry =
                "retry_policy: {retry_on: '%s', num_retries: %d, retry_back_off: {base_interval:"
                        + " 0.001s, max_interval: 0.002s}, %s}";
        String on =
                chance.of(
                        "5xx",
                        "gateway-error",
                        "reset",
                        "connect-failure",
                        "cancelled,deadline-exceeded");
        return switch (name) {
            case "route" ->
                    "timeout: 0.2s"
                            + chance.of("", ", " + retry.formatted(on, 2, "per_try_timeout: 9s"));
            case "try" ->
                    "timeout: 1.3s, "
                            + retry.formatted(on, chance.between(0, 1), "per_try_timeout: 0.2s");
            case "tryidle" ->
                    "timeout: 1.3s, "
                            + retry.formatted(
                                    on, chance.between(0, 1), "per_try_idle_timeout: 0.2s");
            case "idle" -> "timeout: %s, idle_timeout: 0.2s".formatted(chance.of("0s", "1.3s"));
            case "max" -> "timeout: 1.3s, max_stream_duration: {max_stream_duration: 0.2s}";
            case "grpc" ->
                    "timeout: 1.3s, "
                            + chance.of(
                                    "max_stream_duration: {grpc_timeout_header_max: 0s}",
                                    "max_stream_duration: {grpc_timeout_header_max: 0.25s}",
                                    "max_stream_duration: {grpc_timeout_header_max: 9s,"
                                            + " grpc_timeout_header_offset: 0.05s}",
                                    "max_grpc_timeout: 0s",
                                    "max_grpc_timeout: 0.2s");
            case "header" ->
                    "timeout: 1.3s, "
                            + retry.formatted("5xx", 1, "num_retries: 1")
                                    .replace(", num_retries: 1}", "}");
            case "zero" -> "timeout: 0s, max_stream_duration: {max_stream_duration: 0.3s}";
            default -> "timeout: 1.3s";
        };
    }

    /** At most one timer of the connection manager. */
    private static String manager(Chance chance) {
        return chance.of(
                "{}",
                "{}",
                "{request_timeout: 0.8s}",
                "{request_headers_timeout: 0.8s}",
                "{stream_idle_timeout: 0.8s}",
                "{common_http_protocol_options: {idle_timeout: 0.8s}}",
                "{common_http_protocol_options: {max_stream_duration: 0.8s}}",
                "{common_http_protocol_options: {max_connection_duration: 0.8s}, drain_timeout:"
                        + " 0.1s}");
    }

    private static Requests request(Chance chance) {
        String name = chance.of(ROUTES);
        String end = chance.of("", "", "", "/cut", "/ok");
        boolean bounded = !name.equals("plain") && !name.equals("header") && !name.equals("grpc");
        Requests request =
                new Requests(
                        chance,
                        "/"
                                + name
                                + (bounded || name.equals("header") || name.equals("grpc")
                                        ? end
                                        : ""));
        if (name.equals("grpc")) {
            return request.grpc().header("grpc-timeout: " + chance.of("200m", "200000u", "200m"));
        }
        if (chance.in(20) && bounded) {
            request.grpc();
        } else {
            request.anyMethod(0, 10, 2000);
        }
        if (name.equals("header")) {
            request.header("x-envoy-upstream-rq-timeout-ms: " + chance.of("200", "150"));
            if (chance.in(40)) {
                request.header(
                        "x-envoy-upstream-rq-per-try-timeout-ms: " + chance.of("100", "9000"));
            }
        } else if (chance.in(15)) {
            request.header("x-envoy-expected-rq-timeout-ms: 5");
        }
        return request;
    }

    /** A request that does not end, or a connection that is left open after one. */
    private static java.util.Map<String, Object> incomplete(Chance chance) {
        List<String> sends = new ArrayList<>();
        sends.add("GET /plain HTTP/1.1\r\nHost: x\r\nX-Half: 1");
        sends.add("GET /plain HTTP/1.1\r\nHost: x\r\n\r\n");
        sends.add("POST /plain HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
        sends.add(
                "POST /plain/early HTTP/1.1\r\n"
                        + "Host: x\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "3\r\n"
                        + "abc\r\n");
        sends.add("");
        String send = chance.of(sends);
        return java.util.Map.of(
                "send",
                send,
                "responses",
                send.isEmpty() ? 0 : 1,
                "close_wait_ms",
                1300,
                "timeout_ms",
                1500);
    }
}
