package com.example.hello;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import org.junit.jupiter.api.Test;

final class HelloFilterTest {

    private static FilterSetup filter(String settings) {
        return FilterHarness.of(new HelloFilterFactory(), settings);
    }

    @Test
    void greetsInTheResponse() {
        try (FilterHarness harness = filter("{greeting: good day}").open()) {
            Exchange exchange = harness.get("/");
            exchange.respond(200).responseEnd("here");
            assertThat(exchange.response().header("x-hello")).isEqualTo("good day");
            assertThat(exchange.response().body()).isEqualTo("here");
            assertThat(harness.counter("http.test.hello.greeted")).isEqualTo(1);
        }
    }

    @Test
    void refusesOnePath() {
        try (FilterHarness harness = filter("{greeting: good day}").open()) {
            Exchange exchange = harness.get("/forbidden");
            assertThat(exchange.response().status()).isEqualTo(403);
            assertThat(exchange.response().body()).isEqualTo("not here\n");
        }
    }

    @Test
    void saysWhatIsWrongWithItsSettings() {
        assertThat(filter("{greting: good day}").errors())
                .containsExactlyInAnyOrder(
                        "greting: there is no such setting; there are greeting",
                        "greeting: a text is required");
    }
}
