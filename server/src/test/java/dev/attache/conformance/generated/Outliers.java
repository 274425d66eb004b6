package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.List;

/** Outlier ejection by consecutive failures: counting, limits, what an ejected host still gets. */
final class Outliers implements Area {
    @Override
    public void write(Draft draft) {
        Chance chance = draft.chance();
        boolean http2 = chance.in(25);
        int hosts = chance.of(1, 1, 2, 3);
        List<String> turns =
                chance.some(
                        4, 14, "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13",
                        "14");
        draft.upstream(
                "a",
                "{protocol: %s, hosts: %d, respond: [{when: {nth: %s}, %s}, {headers: ['x-r: fine']}]}"
                        .formatted(http2 ? "h2" : "h1", hosts, turns, failure(chance, http2)));
        draft.cluster(
                "a",
                "{common_lb_config: {update_merge_window: 0s, healthy_panic_threshold: {value: %d}}, outlier_detection: %s}"
                        .formatted(chance.of(0, 0, 50, 100), detection(chance)));
        draft.merge("normalise", "[{pattern: '\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z', with: <time>}]");
        String retry =
                chance.in(30)
                        ? ", retry_policy: {retry_on: '5xx,reset', num_retries: 2, retry_back_off:"
                                + " {base_interval: 0.001s, max_interval: 0.002s}}"
                        : "";
        draft.route("{match: {prefix: /}, route: {cluster: $a%s}}".formatted(retry));
        for (int i = chance.between(5, 12); i > 0; i--) {
            Requests request = new Requests(chance, "/" + i);
            if (chance.in(10)) {
                request.grpc();
            } else {
                request.anyMethod(0, 10);
            }
            request.addTo(draft);
        }
    }

    private static String detection(Chance chance) {
        List<String> parts = new ArrayList<>();
        parts.add("interval: 300s, base_ejection_time: 300s, max_ejection_time: 900s");
        parts.add("max_ejection_percent: " + chance.of(0, 10, 50, 100, 100));
        if (chance.in(85)) {
            parts.add("consecutive_5xx: " + chance.of(1, 2, 3));
        }
        if (chance.in(50)) {
            parts.add("consecutive_gateway_failure: " + chance.of(1, 2, 3));
            parts.add("enforcing_consecutive_gateway_failure: " + chance.of(0, 100, 100));
        }
        if (chance.in(20)) {
            parts.add("enforcing_consecutive_5xx: " + chance.of(0, 100));
        }
        if (chance.in(40)) {
            parts.add("split_external_local_origin_errors: true");
            parts.add("consecutive_local_origin_failure: " + chance.of(1, 2));
        }
        if (chance.in(30)) {
            parts.add("always_eject_one_host: " + chance.of("true", "false"));
        }
        return "{" + String.join(", ", parts) + "}";
    }

    private static String failure(Chance chance, boolean http2) {
        if (chance.in(30)) {
            return http2
                    ? "end: reset, error_code: " + chance.of(2, 7, 8)
                    : "end: " + chance.of("close", "reset", "close-after-headers");
        }
        return "status: "
                + chance.of(500, 501, 502, 503, 504, 404, 429)
                + chance.of(
                        "",
                        "",
                        ", headers: ['x-envoy-immediate-health-check-fail: 1']",
                        ", headers: ['x-envoy-degraded: true']",
                        ", headers: ['x-envoy-overloaded: true']");
    }
}
