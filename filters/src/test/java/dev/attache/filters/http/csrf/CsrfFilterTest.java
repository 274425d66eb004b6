package dev.attache.filters.http.csrf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import org.junit.jupiter.api.Test;

final class CsrfFilterTest {
    private static final String ON = "filter_enabled: {default_value: {numerator: 100}}";
    private static final String OFF = "filter_enabled: {default_value: {numerator: 0}}";
    private static final String SHADOW = "shadow_enabled: {default_value: {numerator: 100}}";

    private static FilterSetup filter(String... fields) {
        return BuiltinFilter.of(
                "csrf", "csrf.v3.CsrfPolicy", "{" + String.join(", ", fields) + "}");
    }

    @Test
    void aRequestOfAnotherOriginIsRefused() {
        String outcome =
                filter(ON)
                        .everyCut(harness -> {
                            harness.post("/", "some text", "origin", "http://other.test");
                            return harness.outcome();
                        });
        assertThat(outcome)
                .contains(
                        "forwarded:\nnothing\n",
                        ":status: 403\n",
                        "body: Invalid origin\n",
                        "details: csrf_origin_mismatch\n",
                        "flags: -\n",
                        "http.test.csrf.request_invalid: 1\n");
    }

    @Test
    void ourOwnOriginAndItsFriendsGoOn() {
        FilterSetup setup = filter(ON, "additional_origins: [{suffix: .friends.test}]");
        try (FilterHarness harness = setup.open()) {
            assertThat(goesOn(harness, "origin", "https://test.example")).isTrue();
            assertThat(goesOn(harness, "referer", "https://test.example/form?x")).isTrue();
            assertThat(goesOn(harness, "origin", "https://one.friends.test")).isTrue();
            assertThat(goesOn(harness, "origin", "https://test.example:443")).isFalse();
            assertThat(goesOn(harness, "origin", "null")).isFalse();
            assertThat(harness.counter("http.test.csrf.request_valid")).isEqualTo(3);
            assertThat(harness.counter("http.test.csrf.request_invalid")).isEqualTo(1);
            assertThat(harness.counter("http.test.csrf.missing_source_origin")).isEqualTo(1);
        }
    }

    private static boolean goesOn(FilterHarness harness, String... headers) {
        Exchange exchange = harness.bodiless("POST", "/", headers);
        return exchange.forwarded().ended();
    }

    @Test
    void whatChangesNothingIsNotJudged() {
        try (FilterHarness harness = filter(ON).open()) {
            assertThat(harness.get("/", "origin", "http://other.test").forwarded().ended())
                    .isTrue();
            assertThat(harness.stats()).isEmpty();
        }
    }

    @Test
    void shadowsOnlyCount() {
        try (FilterHarness harness = filter(OFF, SHADOW).open()) {
            assertThat(goesOn(harness, "origin", "http://other.test")).isTrue();
            assertThat(harness.counter("http.test.csrf.request_invalid")).isEqualTo(1);
        }
    }

    @Test
    void aRouteHasAPolicyOfItsOwn() {
        FilterSetup setup =
                filter(ON)
                        .override(
                                OverrideLevel.ROUTE,
                                BuiltinFilter.typed("csrf.v3.CsrfPolicy", "{" + OFF + "}"));
        try (FilterHarness harness = setup.open()) {
            assertThat(goesOn(harness, "origin", "http://other.test")).isTrue();
            assertThat(harness.stats()).isEmpty();
        }
    }
}
