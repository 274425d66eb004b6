package dev.attache.filters.http.bandwidth_limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Bodies at one KiB a second, by a clock that only tests turn. */
final class BandwidthLimitFilterTest {

    private static final String MESSAGE = "bandwidth_limit.v3.BandwidthLimit";
    private static final String STATS = "sp.http_bandwidth_limit.";

    private static FilterSetup limit(String fields) {
        return BuiltinFilter.of("bandwidth", MESSAGE, "{stat_prefix: sp, " + fields + "}");
    }

    @Test
    void aResponseGoesAsTheBucketFills() {
        try (FilterHarness harness =
                limit(
                                "enable_mode: RESPONSE, limit_kbps: 1, enable_response_trailers: true,"
                                        + " response_trailer_prefix: Own")
                        .open()) {
            Exchange exchange = harness.get("/");
            exchange.respond(200).responseEnd("x".repeat(1536));
            harness.advance(1);
            assertThat(exchange.response().body()).hasSizeBetween(1024, 1100);
            assertThat(harness.gauge(STATS + "response_pending")).isEqualTo(1);
            harness.advance(300);
            assertThat(exchange.response().body()).hasSizeBetween(1200, 1500);
            harness.advance(400);
            assertThat(exchange.response().body()).hasSize(1536);
            assertThat(exchange.response().toString())
                    .contains("own-bandwidth-response-delay-ms: ")
                    .contains("own-bandwidth-response-filter-delay-ms: 500");
            assertThat(harness.gauge(STATS + "response_pending")).isZero();
            assertThat(harness.counter(STATS + "response_enforced")).isEqualTo(10);
            assertThat(harness.counter(STATS + "response_allowed_total_size")).isEqualTo(1536);
        }
    }

    @Test
    void aRequestHasTheSameBucket() {
        try (FilterHarness harness =
                limit("enable_mode: REQUEST_AND_RESPONSE, limit_kbps: 1").open()) {
            Exchange exchange = harness.post("/", "y".repeat(1024));
            harness.advance(1);
            assertThat(exchange.forwarded().ended()).isTrue();
            exchange.respond(200).responseEnd("z".repeat(100));
            harness.advance(1);
            assertThat(exchange.response().body()).hasSizeLessThan(100);
            harness.advance(200);
            assertThat(exchange.response().body()).hasSize(100);
            assertThat(harness.counter(STATS + "request_enabled")).isEqualTo(1);
        }
    }

    @Test
    void aRouteHasABucketOfItsOwn() {
        FilterSetup setup =
                limit("limit_kbps: 1")
                        .override(
                                OverrideLevel.ROUTE,
                                BuiltinFilter.typed(
                                        MESSAGE,
                                        "{stat_prefix: route, enable_mode: RESPONSE, limit_kbps: 2}"));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/");
            exchange.respond(200).responseEnd("x".repeat(2048));
            harness.advance(1);
            assertThat(exchange.response().body()).hasSize(2048);
            assertThat(harness.counter("route.http_bandwidth_limit.response_enabled")).isEqualTo(1);
        }
    }

    @Test
    void trailersWaitForTheBody() {
        try (FilterHarness harness = limit("enable_mode: RESPONSE, limit_kbps: 1").open()) {
            Exchange exchange = harness.get("/");
            exchange.respond(200).responseBody("x".repeat(1100)).responseTrailers("x-end", "1");
            harness.advance(1);
            assertThat(exchange.response().ended()).isFalse();
            harness.advance(200);
            assertThat(exchange.response().ended()).isTrue();
            assertThat(exchange.response().toString()).contains("x-end: 1");
        }
    }

    @Test
    void withoutALimitNothingPasses() {
        try (FilterHarness harness = limit("enable_mode: RESPONSE").open()) {
            Exchange exchange = harness.get("/");
            exchange.respond(200).responseEnd("x");
            harness.advance(5000);
            assertThat(exchange.response().body()).isEmpty();
            exchange.clientLeaves();
            assertThat(harness.gauge(STATS + "response_pending")).isZero();
        }
    }

    @Test
    void whatWaitsIsPaidFor() {
        AtomicReference<MemoryAccount> account = new AtomicReference<>();
        FilterSetup setup =
                limit("enable_mode: REQUEST, limit_kbps: 1")
                        .inFront(
                                "looks",
                                () ->
                                        new HttpFilter() {
                                            @Override
                                            public Step onRequestHeaders(
                                                    Headers headers,
                                                    boolean end,
                                                    FilterContext context) {
                                                account.set(context.memory());
                                                return Step.CONTINUE;
                                            }
                                        });
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.request("POST", "/");
            MemoryAccount payer = account.get();
            long before = payer.directHeld();
            for (int i = 0; i < 5000; i++) {
                exchange.body("y");
            }
            assertThat(payer.directHeld() - before).isBetween(3900L, 10_000L);
            exchange.end("z".repeat(10_000));
            assertThat(payer.directHeld() - before).isBetween(13_900L, 20_000L);
            harness.advance(60_000);
            assertThat(exchange.forwarded().body()).hasSize(15_000).startsWith("yy").endsWith("zz");
            assertThat(payer.directHeld() - before).isZero();
        }
    }

    @Test
    void whoeverLeavesNothingIsLeft() {
        limit("enable_mode: REQUEST_AND_RESPONSE, limit_kbps: 1")
                .everyDeparture(harness -> {
                    Exchange exchange =
                            harness.request("POST", "/").body("y".repeat(1500)).end("z");
                    harness.advance(1000);
                    exchange.respond(200).responseEnd("x".repeat(1500));
                    harness.advance(3000);
                });
    }
}
