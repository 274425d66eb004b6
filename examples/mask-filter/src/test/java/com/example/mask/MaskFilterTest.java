package com.example.mask;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import org.junit.jupiter.api.Test;

final class MaskFilterTest {

    private static FilterSetup filter(String settings) {
        return FilterHarness.of(new MaskFilterFactory(), settings);
    }

    private static Exchange answered(FilterHarness harness, String body) {
        return harness.get("/").respond(200, "content-type", "text/plain").responseEnd(body);
    }

    @Test
    void masksNumbersHoweverTheyAreCut() {
        String body =
                filter("{}")
                        .everyCut(harness ->
                                answered(
                                                harness,
                                                "card 4111111111111111, order 1234, 12345678901234567890")
                                        .response()
                                        .body());
        assertThat(body).isEqualTo("card ************1111, order 1234, 12345678901234567890");
    }

    @Test
    void countsWhatItHasDone() {
        try (FilterHarness harness = filter("{}").open()) {
            answered(harness, "4111111111111111 and 5500000000000004 and 12345678901234567890");
            assertThat(harness.counter("http.test.mask.numbers.action.masked")).isEqualTo(2);
            assertThat(harness.counter("http.test.mask.numbers.action.left")).isEqualTo(1);
        }
    }

    @Test
    void tellsTheNumberInATrailer() {
        try (FilterHarness harness = filter("{count_trailer: x-masked}").open()) {
            Exchange exchange = answered(harness, "4111111111111111");
            assertThat(exchange.response().body()).isEqualTo("************1111");
            assertThat(exchange.response().trailer("x-masked")).isEqualTo("1");
        }
    }

    @Test
    void goesBeforeTrailersOfTheResponse() {
        try (FilterHarness harness = filter("{count_trailer: x-masked}").open()) {
            Exchange exchange =
                    harness.get("/")
                            .respond(200, "content-type", "text/plain")
                            .responseBody("4111111111111111")
                            .responseTrailers("x-own", "yes");
            assertThat(exchange.response().body()).isEqualTo("************1111");
            assertThat(exchange.response().trailer("x-own")).isEqualTo("yes");
            assertThat(exchange.response().trailer("x-masked")).isEqualTo("1");
        }
    }

    @Test
    void aRouteMaySwitchItOff() {
        FilterSetup off = filter("{}").override(OverrideLevel.ROUTE, "enabled: false");
        try (FilterHarness harness = off.open()) {
            assertThat(answered(harness, "4111111111111111").response().body())
                    .isEqualTo("4111111111111111");
        }
    }

    @Test
    void leavesNothingBehindWhereverTheStreamEnds() {
        filter("{count_trailer: x-masked}")
                .everyDeparture(harness ->
                        harness.get("/")
                                .respond(200, "content-type", "text/plain")
                                .responseBody("4111111")
                                .responseBody("111111111")
                                .responseTrailers("x-own", "yes"));
    }

    @Test
    void saysWhatIsWrongWithItsSettings() {
        assertThat(filter("{least_digits: 3}").errors())
                .containsExactly("least_digits: must be from 8 to 19, and is 3");
    }
}
