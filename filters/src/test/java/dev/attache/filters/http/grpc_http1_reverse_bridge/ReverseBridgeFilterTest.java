package dev.attache.filters.http.grpc_http1_reverse_bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import org.junit.jupiter.api.Test;

/** gRPC for servers that do not speak it. */
final class ReverseBridgeFilterTest {

    private static final String PACKAGE = "grpc_http1_reverse_bridge.v3.";
    private static final String FRAMED = "\0\0\0\0\3abc";

    private static FilterSetup bridge(String... fields) {
        return BuiltinFilter.of(
                "bridge",
                PACKAGE + "FilterConfig",
                "{content_type: application/x-own"
                        + (fields.length == 0 ? "" : ", " + String.join(", ", fields))
                        + "}");
    }

    private static Exchange ask(FilterHarness harness) {
        return harness.request("POST", "/", "content-type", "application/grpc+proto")
                .body(FRAMED.substring(0, 3))
                .end(FRAMED.substring(3));
    }

    @Test
    void framesAreWithheldHoweverTheyAreCut() {
        String outcome =
                bridge("withhold_grpc_frames: true")
                        .everyCut(harness -> {
                            Exchange exchange = ask(harness);
                            exchange.respond(404, "content-type", "application/x-own");
                            exchange.responseBody("hel").responseEnd("lo");
                            return exchange.forwarded().body()
                                    + exchange.forwarded().header("content-type")
                                    + exchange.response();
                        });
        assertThat(outcome)
                .startsWith("abcapplication/x-own")
                .contains("content-type: application/grpc+proto")
                .contains("body: \\x00\\x00\\x00\\x00\\x05hello")
                .contains("grpc-status: 12");
    }

    @Test
    void aMessageWhoseSizeIsSaidIsNotGathered() {
        try (FilterHarness harness =
                bridge("withhold_grpc_frames: true", "response_size_header: Size").open()) {
            Exchange exchange = ask(harness);
            exchange.respond(200, "content-type", "application/x-own", "size", "5");
            exchange.responseBody("hel");
            assertThat(exchange.response().body()).isEqualTo("\0\0\0\0\5hel");
            exchange.responseEnd("lo");
            assertThat(exchange.response().toString()).contains("grpc-status: 0");
            Exchange without = ask(harness);
            without.respond(200, "content-type", "application/x-own").responseEnd("x");
            assertThat(without.response().header("grpc-status")).isEqualTo("13");
            assertThat(without.details()).isEqualTo("grpc_bridge_content_length_missing");
        }
    }

    @Test
    void anAnswerOfAnotherTypeIsAnError() {
        try (FilterHarness harness = bridge().open()) {
            Exchange exchange = ask(harness);
            exchange.respond(500, "content-type", "text/plain").responseEnd("oops");
            assertThat(exchange.response().status()).isEqualTo(200);
            assertThat(exchange.response().header("grpc-status")).isEqualTo("2");
            assertThat(exchange.details()).isEqualTo("grpc_bridge_content_type_wrong");
        }
    }

    @Test
    void aRouteMayDoWithout() {
        FilterSetup setup =
                bridge("withhold_grpc_frames: true")
                        .override(
                                OverrideLevel.ROUTE,
                                BuiltinFilter.typed(
                                        PACKAGE + "FilterConfigPerRoute", "{disabled: true}"));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = ask(harness);
            assertThat(exchange.forwarded().body()).isEqualTo(FRAMED);
            exchange.respond(200, "content-type", "text/plain").responseEnd("fine");
            assertThat(exchange.response().body()).isEqualTo("fine");
        }
    }

    @Test
    void whoeverLeavesNothingIsLeft() {
        bridge("withhold_grpc_frames: true")
                .everyDeparture(harness -> {
                    Exchange exchange = ask(harness);
                    exchange.respond(200, "content-type", "application/x-own");
                    exchange.responseBody("hel").responseEnd("lo");
                });
    }
}
