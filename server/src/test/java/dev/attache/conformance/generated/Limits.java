package dev.attache.conformance.generated;

import java.util.ArrayList;
import java.util.List;

/**
 * Circuit breakers. Requests that the upstream holds fill the limits; what comes then is refused or
 * waits; when the upstream lets go, everything ends.
 */
final class Limits implements Area {
    @Override
    public void write(Draft draft) {
        Chance chance = draft.chance();
        String protocol = chance.of("h1", "h1", "h2");
        draft.upstream(
                "a",
                """
                {protocol: %s, respond: [{when: {path: /hold}, hold: go, body: held}, {when: {path: /fail}, status: 503, body: failed}, {body: ok}]}
                """
                        .formatted(protocol));
        draft.cluster(
                "a",
                "{circuit_breakers: {thresholds: [%s]%s}}"
                        .formatted(thresholds(chance), perHost(chance)));
        draft.merge("access_log_unordered", "true");
        draft.route(
                "{match: {prefix: /hold/high}, route: {cluster: $a, priority: HIGH, timeout:"
                        + " 30s}}");
        draft.route(
                "{match: {prefix: /fail}, route: {cluster: $a, retry_policy: {retry_on: 5xx,"
                        + " num_retries: 2, retry_back_off: {base_interval: 0.001s, max_interval:"
                        + " 0.002s}}}}");
        draft.route("{match: {prefix: /high}, route: {cluster: $a, priority: HIGH}}");
        draft.route("{match: {prefix: /}, route: {cluster: $a, timeout: 30s}}");
        int held = chance.between(0, 4);
        for (int i = 1; i <= held; i++) {
            new Requests(chance, "/hold/" + chance.of("", "", "high/") + i)
                    .with("background", true)
                    .addTo(draft);
            draft.step(
                    "{await: {stat: http.$self.downstream_rq_total, reaches: %d, name: held}}"
                            .formatted(i));
            draft.step("{wait_ms: 80}");
        }
        for (int i = chance.between(1, 4); i > 0; i--) {
            probe(draft, chance);
        }
        draft.step("{upstream: {name: $a, mode: go}}");
        draft.step("{await: {stat: http.$self.downstream_rq_active, reaches: 0, name: released}}");
        for (int i = chance.between(1, 2); i > 0; i--) {
            new Requests(chance, chance.of("/", "/fail", "/high")).anyMethod(0, 10).addTo(draft);
        }
    }

    /** A request that would wait for long goes away by itself, so that the script goes on. */
    private static void probe(Draft draft, Chance chance) {
        new Requests(chance, chance.of("/", "/", "/fail", "/high"))
                .anyMethod(0, 10)
                .header("x-envoy-upstream-rq-timeout-ms: 300")
                .addTo(draft);
    }

    private static String thresholds(Chance chance) {
        List<String> parts = new ArrayList<>();
        if (chance.in(60)) {
            parts.add("max_connections: " + chance.of(0, 1, 1, 2));
        }
        if (chance.in(60)) {
            parts.add("max_pending_requests: " + chance.of(0, 1, 2));
        }
        if (chance.in(50)) {
            parts.add("max_requests: " + chance.of(0, 1, 2, 3));
        }
        if (chance.in(30)) {
            parts.add("max_retries: " + chance.of(0, 1));
        }
        if (chance.in(60)) {
            parts.add("track_remaining: true");
        }
        String first = "{" + String.join(", ", parts) + "}";
        return chance.in(35)
                ? first + ", {priority: HIGH, max_requests: %d}".formatted(chance.between(0, 2))
                : first;
    }

    private static String perHost(Chance chance) {
        return chance.in(20)
                ? ", per_host_thresholds: [{max_connections: %d}]".formatted(chance.between(0, 2))
                : "";
    }
}
