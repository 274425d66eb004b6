package dev.attache.filters.http.health_check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import org.junit.jupiter.api.Test;

final class HealthCheckFilterTest {
    private static final String MESSAGE = "health_check.v3.HealthCheck";
    private static final String LOCAL = "pass_through_mode: false";
    private static final String PASS = "pass_through_mode: true";
    private static final String ON_HC = "headers: [{name: ':path', string_match: {exact: /hc}}]";

    private static FilterSetup filter(String... fields) {
        return BuiltinFilter.of("hc", MESSAGE, "{" + String.join(", ", fields) + "}");
    }

    @Test
    void aHealthCheckIsAnsweredOnceAllOfItIsThere() {
        String outcome =
                filter(LOCAL, ON_HC)
                        .everyCut(harness -> {
                            harness.post("/hc", "some text");
                            return harness.outcome();
                        });
        assertThat(outcome)
                .isEqualTo(
                        """
                        forwarded:
                        nothing
                        reset
                        response:
                        :status: 200
                        x-envoy-upstream-healthchecked-cluster: test-cluster
                        complete
                        details: health_check_ok
                        flags: -
                        http.test.health_check.ok: 1
                        http.test.health_check.request_total: 1
                        """);
    }

    @Test
    void trailersEndAHealthCheckToo() {
        try (FilterHarness harness = filter(LOCAL).open()) {
            Exchange exchange = harness.request("POST", "/").body("text");
            assertThat(exchange.response().began()).isFalse();
            exchange.trailers("x-t", "1");
            assertThat(exchange.response().status()).isEqualTo(200);
        }
    }

    @Test
    void othersGoOn() {
        try (FilterHarness harness = filter(LOCAL, ON_HC).open()) {
            Exchange exchange = harness.get("/other");
            assertThat(exchange.forwarded().ended()).isTrue();
            exchange.respond(200).responseEnd("done");
            assertThat(exchange.response().header("x-envoy-upstream-healthchecked-cluster"))
                    .isNull();
            assertThat(harness.stats()).isEmpty();
        }
    }

    @Test
    void whoIsToldToFailSaysSoInEveryAnswer() {
        try (FilterHarness harness = filter(PASS, ON_HC).open()) {
            harness.failHealthChecks(true);
            Exchange check = harness.get("/hc");
            assertThat(check.response().status()).isEqualTo(503);
            assertThat(check.flags()).isEqualTo("LH");
            assertThat(check.details()).isEqualTo("health_check_failed");
            assertThat(check.response().header("x-envoy-immediate-health-check-fail"))
                    .isEqualTo("true");
            Exchange other = harness.get("/other");
            other.respond(200).responseEnd("done");
            assertThat(other.response().header("x-envoy-immediate-health-check-fail"))
                    .isEqualTo("true");
            harness.failHealthChecks(false);
            assertThat(harness.get("/hc").forwarded().ended()).isTrue();
        }
    }

    @Test
    void anAnswerIsKeptForTheRestOfItsStep() {
        try (FilterHarness harness = filter(PASS, "cache_time: 10s").open()) {
            Exchange first = harness.get("/hc");
            first.respond(201, "x-envoy-degraded", "").responseEnd("");
            Exchange second = harness.get("/hc");
            assertThat(second.response().status()).isEqualTo(201);
            assertThat(second.response().header("x-envoy-degraded")).isEmpty();
            assertThat(second.details()).isEqualTo("health_check_cached");
            assertThat(harness.counter("http.test.health_check.cached_response")).isEqualTo(1);
            assertThat(harness.counter("http.test.health_check.degraded")).isEqualTo(1);
            harness.advance(10_000);
            assertThat(harness.get("/hc").forwarded().ended()).isTrue();
        }
    }

    @Test
    void whatWasKeptWhenAHealthCheckCameIsItsAnswer() {
        try (FilterHarness harness = filter(PASS, "cache_time: 10s").open()) {
            harness.get("/hc").respond(500).responseEnd("");
            Exchange check = harness.request("POST", "/hc").body("some ");
            harness.advance(10_000);
            check.end("text");
            assertThat(check.response().status()).isEqualTo(500);
            assertThat(check.details()).isEqualTo("health_check_cached");
        }
    }

    @Test
    void clustersAreAskedForTheirShareOfHealthyHosts() {
        assertThat(details("one: {value: 100}, two: {value: 100}"))
                .isEqualTo("health_check_ok_cluster_healthy");
        assertThat(details("empty: {value: 0}")).isEqualTo("health_check_ok_cluster_healthy");
        assertThat(details("empty: {value: 1}")).isEqualTo("health_check_failed_cluster_empty");
        assertThat(details("nowhere: {value: 0}"))
                .isEqualTo("health_check_failed_no_cluster_found");
    }

    private static String details(String minima) {
        FilterSetup setup =
                filter(LOCAL, "cluster_min_healthy_percentages: {" + minima + "}")
                        .cluster("one", 1)
                        .cluster("two", 2)
                        .cluster("empty", 0);
        try (FilterHarness harness = setup.open()) {
            return harness.get("/").details();
        }
    }

    @Test
    void aCacheWithoutAnybodyElsesAnswersIsRefused() {
        assertThat(filter(LOCAL, "cache_time: 1s").errors())
                .anyMatch(error ->
                        error.contains(
                                "cache_time_ms must not be set when path_through_mode is"
                                        + " disabled"));
    }

    @Test
    void nothingIsLeftBehindWhereverTheClientGoes() {
        filter(LOCAL).everyDeparture(harness -> harness.post("/hc", "some text"));
    }
}
