package com.example.customer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filter.CallException;
import dev.attache.testkit.filter.CallAnswer;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import org.junit.jupiter.api.Test;

final class CustomerFilterTest {

    private static FilterSetup filter(String settings) {
        return FilterHarness.of(new CustomerFilterFactory(), settings);
    }

    private static FilterSetup filter() {
        return filter("{cluster: customers}");
    }

    @Test
    void tellsTheUpstreamWhoItIsAndThePageToo() {
        filter().everyCut(harness -> {
            harness.calls().answer("customers", CallAnswer.status(200).body("Ada\n"));
            Exchange exchange = harness.get("/", "x-api-key", "k1").awaitForwarded();
            assertThat(harness.calls().only().request().header("x-api-key")).isEqualTo("k1");
            assertThat(exchange.forwarded().header("x-customer")).isEqualTo("Ada");
            exchange.respond(200, "content-type", "text/html")
                    .responseEnd("<p>Hello {{customer}}</p>")
                    .awaitResponse();
            assertThat(exchange.response().body()).isEqualTo("<p>Hello Ada</p>");
            assertThat(exchange.response().header("content-length")).isEqualTo("16");
            assertThat(harness.counter("http.test.customer.lookups.outcome.known")).isEqualTo(1);
            return exchange.response().body();
        });
    }

    @Test
    void refusesWhomNobodyKnows() {
        try (FilterHarness harness = filter().open()) {
            harness.calls().answer("customers", CallAnswer.status(404));
            Exchange exchange = harness.get("/", "x-api-key", "k2").awaitResponse();
            assertThat(exchange.response().status()).isEqualTo(403);
            assertThat(exchange.response().body()).isEqualTo("nobody has this key\n");
            assertThat(exchange.details()).isEqualTo("filter_answer{com.example.customer}");
        }
    }

    @Test
    void doesNotLetThroughWhomItCannotLookUp() {
        try (FilterHarness harness = filter().open()) {
            harness.calls().answer("customers", CallAnswer.failure(CallException.Kind.TIMEOUT));
            Exchange exchange = harness.get("/", "x-api-key", "k3").awaitResponse();
            assertThat(exchange.response().status()).isEqualTo(503);
            assertThat(harness.counter("http.test.customer.lookups.outcome.failed")).isEqualTo(1);
        }
    }

    @Test
    void aRouteMayTakeRequestsWithoutAKey() {
        FilterSetup open = filter().override(OverrideLevel.ROUTE, "required: false");
        try (FilterHarness harness = open.open()) {
            Exchange exchange = harness.get("/").awaitForwarded();
            assertThat(exchange.forwarded().header("x-customer")).isNull();
        }
        try (FilterHarness harness = filter().open()) {
            assertThat(harness.get("/").awaitResponse().response().status()).isEqualTo(401);
        }
    }

    @Test
    void leavesNothingBehindWhereverTheStreamEnds() {
        filter().everyDeparture(harness -> {
            harness.calls().answer("customers", CallAnswer.status(200).body("Ada"));
            harness.request("POST", "/", "x-api-key", "k1")
                    .body("some")
                    .end("thing")
                    .awaitForwarded()
                    .respond(200, "content-type", "text/html")
                    .responseEnd("{{customer}}")
                    .awaitResponse();
        });
    }

    @Test
    void saysWhatIsWrongWithItsSettings() {
        assertThat(filter("{timeout: soon}").errors())
                .containsExactlyInAnyOrder(
                        "cluster: a text is required",
                        "timeout: must be a time such as 1.5s or 20ms");
    }
}
