package dev.attache.filters.http.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.runtime.RuntimeValues;
import dev.attache.filters.BuiltinFilter;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FaultFilterTest {
    private static final String MESSAGE = "fault.v3.HTTPFault";
    private static final String ALWAYS = "percentage: {numerator: 100}";
    private static final String ABORT = "abort: {http_status: 503, " + ALWAYS + "}";
    private static final String DELAY = "delay: {fixed_delay: 0.08s, " + ALWAYS + "}";

    private static FilterSetup fault(String... fields) {
        return BuiltinFilter.of("fault", MESSAGE, "{" + String.join(", ", fields) + "}");
    }

    @Test
    void aRequestIsAbortedBeforeItGoesOn() {
        String outcome =
                fault(ABORT)
                        .everyCut(harness -> {
                            harness.post("/", "some text");
                            return harness.outcome();
                        });
        assertThat(outcome)
                .isEqualTo(
                        """
                        forwarded:
                        nothing
                        reset
                        response:
                        :status: 503
                        content-length: 18
                        content-type: text/plain
                        body: fault filter abort
                        complete
                        details: fault_filter_abort
                        flags: FI
                        http.test.fault.aborts_injected: 1
                        """);
    }

    @Test
    void gRpcIsAbortedInItsOwnWords() {
        try (FilterHarness harness = fault("abort: {grpc_status: 7, " + ALWAYS + "}").open()) {
            Exchange exchange = harness.get("/", "content-type", "application/grpc");
            assertThat(exchange.response().status()).isEqualTo(200);
            assertThat(exchange.response().header("grpc-status")).isEqualTo("7");
            assertThat(exchange.response().header("grpc-message")).isEqualTo("fault filter abort");
            assertThat(exchange.response().ended()).isTrue();
        }
    }

    @Test
    void aRequestWaitsAndGoesOnWhole() {
        String outcome =
                fault(DELAY)
                        .everyCut(harness -> {
                            Exchange exchange = harness.request("POST", "/").body("some ");
                            harness.advance(79);
                            assertThat(exchange.forwarded().began()).isFalse();
                            assertThat(harness.gauge("http.test.fault.active_faults")).isEqualTo(1);
                            exchange.body("text");
                            harness.advance(1);
                            exchange.trailers("x-t", "1");
                            exchange.respond(200).responseEnd("done");
                            return harness.outcome();
                        });
        assertThat(outcome)
                .contains(
                        "body: some text\ntrailer x-t: 1\ncomplete",
                        "body: done\ncomplete",
                        "flags: DI\n",
                        "http.test.fault.delays_injected: 1\n")
                .doesNotContain("active_faults");
    }

    @Test
    void aDelayComesBeforeAnAbortAndBothAreOneFault() {
        FilterSetup setup = fault(DELAY, ABORT, "filter_metadata: {hello: world}");
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/", "x-envoy-downstream-service-cluster", "web");
            assertThat(exchange.response().began()).isFalse();
            assertThat(exchange.metadata("fault", "hello"))
                    .isEqualTo(new MetadataValue.Text("world"));
            harness.advance(80);
            assertThat(exchange.response().status()).isEqualTo(503);
            assertThat(exchange.flags()).isEqualTo("DI,FI");
            assertThat(harness.stats())
                    .isEqualTo(
                            Map.of(
                                    "http.test.fault.delays_injected", 1L,
                                    "http.test.fault.aborts_injected", 1L,
                                    "http.test.fault.web.delays_injected", 1L,
                                    "http.test.fault.web.aborts_injected", 1L));
        }
    }

    @Test
    void onlyWhatMatchesIsHit() {
        try (FilterHarness harness =
                fault(
                                ABORT,
                                "headers: [{name: x-hit, present_match: true}]",
                                "downstream_nodes: [one]",
                                "upstream_cluster: upstream")
                        .open()) {
            assertThat(harness.get("/", "x-hit", "1").forwarded().ended()).isTrue();
            String node = "x-envoy-downstream-service-node";
            assertThat(harness.get("/", node, "one").forwarded().ended()).isTrue();
            assertThat(harness.get("/", "x-hit", "1", node, "two").forwarded().ended()).isTrue();
            assertThat(harness.get("/", "x-hit", "1", node, "one").response().status())
                    .isEqualTo(503);
        }
        try (FilterHarness harness = fault(ABORT, "upstream_cluster: another").open()) {
            assertThat(harness.get("/").forwarded().ended()).isTrue();
        }
    }

    @Test
    void theRequestItselfMayAskForAFault() {
        FilterSetup setup =
                fault(
                        "abort: {header_abort: {}, " + ALWAYS + "}",
                        "delay: {header_delay: {}, " + ALWAYS + "}");
        try (FilterHarness harness = setup.open()) {
            Exchange aborted = harness.get("/", "x-envoy-fault-abort-request", "429");
            assertThat(aborted.response().status()).isEqualTo(429);
            Exchange delayed = harness.get("/", "x-envoy-fault-delay-request", "25");
            harness.advance(24);
            assertThat(delayed.forwarded().began()).isFalse();
            harness.advance(1);
            assertThat(delayed.forwarded().ended()).isTrue();
            Exchange spared =
                    harness.get(
                            "/",
                            "x-envoy-fault-abort-request",
                            "429",
                            "x-envoy-fault-abort-request-percentage",
                            "0");
            assertThat(spared.forwarded().ended()).isTrue();
        }
    }

    @Test
    void aRouteReplacesAllOfIt() {
        FilterSetup setup =
                fault(ABORT)
                        .override(
                                OverrideLevel.ROUTE,
                                BuiltinFilter.typed(MESSAGE, "{" + DELAY + "}"));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/");
            harness.advance(80);
            assertThat(exchange.forwarded().ended()).isTrue();
            assertThat(exchange.flags()).isEqualTo("DI");
        }
    }

    @Test
    void noMoreFaultsAreActiveThanMayBe() {
        try (FilterHarness harness = fault(DELAY, "max_active_faults: 1").open()) {
            Exchange first = harness.get("/");
            Exchange second = harness.get("/");
            assertThat(first.forwarded().began()).isFalse();
            assertThat(second.forwarded().ended()).isTrue();
            assertThat(harness.counter("http.test.fault.faults_overflow")).isEqualTo(1);
            harness.advance(80);
            first.respondEmpty(200);
            assertThat(harness.gauge("http.test.fault.active_faults")).isZero();
            assertThat(harness.get("/").forwarded().began()).isFalse();
        }
    }

    @Test
    void runtimeHasTheLastWord() {
        FilterSetup setup =
                fault(ABORT)
                        .compiledWith(settings ->
                                BuiltinFilter.withRuntime(
                                        settings,
                                        new RuntimeValues(
                                                Map.of("fault.http.abort.http_status", 504))));
        try (FilterHarness harness = setup.open()) {
            assertThat(harness.get("/").response().status()).isEqualTo(504);
        }
    }

    private static FilterSetup paced(int kibPerSecond) {
        return fault(
                "response_rate_limit: {fixed_limit: {limit_kbps: %d}, %s}"
                        .formatted(kibPerSecond, ALWAYS));
    }

    @Test
    void aResponseComesAtItsPace() {
        try (FilterHarness harness = paced(1).open()) {
            Exchange exchange = harness.get("/").respond(200);
            exchange.responseEnd("x".repeat(1024));
            harness.advance(1);
            assertThat(exchange.response().body()).hasSize(52);
            harness.advance(50);
            assertThat(exchange.response().body()).hasSize(103);
            harness.advance(949);
            assertThat(exchange.response().body()).hasSize(1024);
            assertThat(exchange.response().ended()).isTrue();
            assertThat(harness.counter("http.test.fault.response_rl_injected")).isEqualTo(1);
        }
    }

    @Test
    void aPacedBodyIsTheSameHoweverItComes() {
        String outcome =
                paced(1).everyCut(harness -> {
                    Exchange exchange = harness.get("/").respond(200);
                    exchange.responseBody("first ").responseBody("second");
                    exchange.responseTrailers("x-t", "1");
                    harness.advance(500);
                    return harness.outcome();
                });
        assertThat(outcome).contains("body: first second\ntrailer x-t: 1\ncomplete");
    }

    @Test
    void aPacedBodyHoldsItsSource() {
        try (FilterHarness harness = paced(1).bufferLimit(100).open()) {
            Exchange exchange = harness.get("/").respond(200).responseBody("x".repeat(200));
            assertThat(exchange.isUpstreamHeld()).isTrue();
            harness.advance(250);
            assertThat(exchange.isUpstreamHeld()).isFalse();
            exchange.responseEnd();
            harness.advance(50);
            assertThat(exchange.response().ended()).isTrue();
        }
    }

    @Test
    void whoeverLeavesLeavesNoFault() {
        fault(DELAY, "response_rate_limit: {fixed_limit: {limit_kbps: 1}, %s}".formatted(ALWAYS))
                .everyDeparture(harness -> {
                    Exchange exchange = harness.post("/", "some text");
                    harness.advance(80);
                    exchange.respond(200).responseBody("x".repeat(300));
                    harness.advance(100);
                    exchange.responseTrailers("x-t", "1");
                    harness.advance(1000);
                    assertThat(exchange.response().ended()).isTrue();
                });
    }

    @Test
    void settingsAreRefusedWithTheirPath() {
        assertThat(fault("abort: {http_status: 199}").errors())
                .singleElement()
                .asString()
                .startsWith("abort.http_status: Proto constraint validation failed");
    }
}
