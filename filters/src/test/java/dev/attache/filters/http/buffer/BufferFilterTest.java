package dev.attache.filters.http.buffer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.proxy.http.Protocol;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import org.junit.jupiter.api.Test;

final class BufferFilterTest {
    private static final String PER_ROUTE = "buffer.v3.BufferPerRoute";

    private static FilterSetup buffer(int bytes) {
        return BuiltinFilter.of(
                "buffer", "buffer.v3.Buffer", "{max_request_bytes: %d}".formatted(bytes));
    }

    @Test
    void aRequestGoesOnWhenItIsWholeWithItsLength() {
        String outcome =
                buffer(100)
                        .everyCut(harness -> {
                            Exchange exchange = harness.request("POST", "/");
                            exchange.body("hello, ");
                            assertThat(exchange.forwarded().began()).isFalse();
                            exchange.end("all");
                            assertThat(exchange.forwarded().header("content-length"))
                                    .isEqualTo("10");
                            assertThat(exchange.forwarded().pieces()).containsExactly("hello, all");
                            exchange.respond(200).responseEnd("fine");
                            return harness.outcome();
                        });
        assertThat(outcome).contains("body: hello, all\ncomplete", "body: fine\ncomplete");
    }

    @Test
    void theLengthThatTheClientSaysStays() {
        try (FilterHarness harness = buffer(100).open()) {
            Exchange exchange = harness.post("/", "hello", "content-length", "5");
            assertThat(exchange.forwarded().header("content-length")).isEqualTo("5");
        }
    }

    @Test
    void aRequestWithoutABodyIsNotHeld() {
        try (FilterHarness harness = buffer(1).open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.forwarded().ended()).isTrue();
            assertThat(exchange.forwarded().header("content-length")).isNull();
        }
    }

    @Test
    void trailersEndTheBody() {
        String outcome =
                buffer(100)
                        .everyCut(harness -> {
                            Exchange exchange = harness.request("POST", "/").body("hello");
                            assertThat(exchange.forwarded().began()).isFalse();
                            exchange.trailers("x-sum", "1");
                            exchange.respondEmpty(200);
                            return harness.outcome();
                        });
        assertThat(outcome).contains("content-length: 5\nbody: hello\ntrailer x-sum: 1\ncomplete");
    }

    @Test
    void moreThanMayBeHeldIsRefused() {
        for (Protocol protocol : new Protocol[] {Protocol.HTTP11, Protocol.HTTP2}) {
            try (FilterHarness harness = buffer(5).protocol(protocol).open()) {
                Exchange exchange = harness.request("POST", "/").body("hello").body("!");
                assertThat(exchange.response().status()).isEqualTo(413);
                assertThat(exchange.response().body()).isEqualTo("Payload Too Large");
                assertThat(exchange.response().ended()).isTrue();
                assertThat(exchange.details()).isEqualTo("request_payload_too_large");
                assertThat(exchange.forwarded().began()).isFalse();
                assertThat(exchange.response().header("connection"))
                        .isEqualTo(protocol == Protocol.HTTP11 ? "close" : null);
                assertThat(harness.counter("http.test.downstream_rq_too_large")).isEqualTo(1);
            }
        }
    }

    @Test
    void aRouteReplacesTheLimit() {
        FilterSetup setup =
                buffer(100)
                        .override(
                                OverrideLevel.VIRTUAL_HOST,
                                BuiltinFilter.typed(PER_ROUTE, "{buffer: {max_request_bytes: 3}}"));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.request("POST", "/").body("he").body("llo");
            assertThat(exchange.response().status()).isEqualTo(413);
        }
    }

    @Test
    void aRouteSwitchesItOffAndAMoreSpecificOneOn() {
        FilterSetup setup =
                buffer(3)
                        .override(
                                OverrideLevel.VIRTUAL_HOST,
                                BuiltinFilter.typed(PER_ROUTE, "{disabled: true}"));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.request("POST", "/").body("hello");
            assertThat(exchange.forwarded().body()).isEqualTo("hello");
            assertThat(exchange.forwarded().header("content-length")).isNull();
        }
        setup.override(
                OverrideLevel.WEIGHTED_CLUSTER,
                BuiltinFilter.typed(PER_ROUTE, "{buffer: {max_request_bytes: 9}}"));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.request("POST", "/").body("hello");
            assertThat(exchange.forwarded().began()).isFalse();
        }
    }

    @Test
    void whoeverLeavesTakesWhatWasHeldAlong() {
        buffer(100)
                .everyDeparture(harness ->
                        harness.request("POST", "/")
                                .body("hello")
                                .end("all")
                                .respond(200)
                                .responseEnd("fine"));
    }

    @Test
    void aLimitMustBeGiven() {
        assertThat(buffer(0).errors())
                .containsExactly(
                        "max_request_bytes: Proto constraint validation failed"
                                + " (BufferValidationError.MaxRequestBytes: value must be greater"
                                + " than 0)");
    }
}
