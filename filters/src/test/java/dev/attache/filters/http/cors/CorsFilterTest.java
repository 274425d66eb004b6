package dev.attache.filters.http.cors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CorsFilterTest {
    private static final String VALID = "http.test.cors.origin_valid";
    private static final String INVALID = "http.test.cors.origin_invalid";

    private static final String[] PREFLIGHT = {
        "origin", "https://a.test",
        "access-control-request-method", "PUT",
        "access-control-request-headers", "x-q, x-r",
        "access-control-request-private-network", "true"
    };

    private static FilterSetup cors() {
        return BuiltinFilter.of("cors", "cors.v3.Cors", "{}");
    }

    private static FilterSetup cors(String policy) {
        return cors().override(OverrideLevel.VIRTUAL_HOST, policy(policy));
    }

    private static String policy(String fields) {
        return BuiltinFilter.typed("cors.v3.CorsPolicy", fields);
    }

    private static @Nullable String allowed(Exchange exchange) {
        return exchange.response().header("access-control-allow-origin");
    }

    @Test
    void aResponseTellsWhatABrowserMaySee() {
        FilterSetup setup =
                cors(
                        """
                        {allow_origin_string_match: [{suffix: .test}], expose_headers: "x-a, x-b",
                         allow_credentials: true, allow_methods: PUT, max_age: "60"}
                        """);
        String outcome =
                setup.everyCut(harness -> {
                    harness.post("/", "body", "origin", "https://a.test")
                            .respond(200, "access-control-allow-origin", "*")
                            .responseBody("answer")
                            .responseTrailers("x-t", "1");
                    return harness.outcome();
                });
        assertThat(outcome)
                .contains(
                        "access-control-allow-origin: https://a.test\n",
                        "access-control-allow-credentials: true\n",
                        "access-control-expose-headers: x-a, x-b\n",
                        "body: answer\ntrailer x-t: 1\ncomplete",
                        VALID + ": 1\n")
                .doesNotContain("access-control-allow-methods", "access-control-max-age");
    }

    @Test
    void aPreflightIsAnsweredHere() {
        FilterSetup setup =
                cors(
                        """
                        {allow_origin_string_match: [{exact: "https://a.test"}],
                         allow_methods: "GET, PUT", allow_headers: x-q, max_age: "60",
                         allow_credentials: true, expose_headers: x-seen}
                        """);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.bodiless("OPTIONS", "/", PREFLIGHT);
            assertThat(exchange.response().toString())
                    .isEqualTo(
                            """
                            :status: 200
                            access-control-allow-origin: https://a.test
                            access-control-allow-credentials: true
                            access-control-allow-methods: GET, PUT
                            access-control-allow-headers: x-q
                            access-control-max-age: 60
                            access-control-expose-headers: x-seen
                            complete\
                            """);
            assertThat(exchange.forwarded().began()).isFalse();
            assertThat(exchange.details()).isEqualTo("cors_response");
            assertThat(exchange.flags()).isEqualTo("-");
            assertThat(harness.stats()).isEqualTo(Map.of(VALID, 1L));
        }
    }

    @Test
    void anAsteriskIsWhatTheBrowserAsksFor() {
        FilterSetup setup =
                cors(
                        """
                        {allow_origin_string_match: [{exact: "*"}], allow_methods: "*",
                         allow_headers: "*", allow_private_network_access: true}
                        """);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.bodiless("OPTIONS", "/", PREFLIGHT);
            assertThat(exchange.response().header("access-control-allow-methods")).isEqualTo("PUT");
            assertThat(exchange.response().header("access-control-allow-headers"))
                    .isEqualTo("x-q, x-r");
            assertThat(exchange.response().header("access-control-allow-private-network"))
                    .isEqualTo("true");
        }
    }

    @Test
    void whatIsNoPreflightGoesOn() {
        try (FilterHarness harness =
                cors("{allow_origin_string_match: [{exact: \"https://a.test\"}]}").open()) {
            Exchange withoutMethod = harness.bodiless("OPTIONS", "/", "origin", "https://a.test");
            assertThat(withoutMethod.forwarded().ended()).isTrue();
            assertThat(allowed(withoutMethod.respondEmpty(204))).isEqualTo("https://a.test");
            Exchange otherMethod =
                    harness.get(
                            "/",
                            "origin",
                            "https://a.test",
                            "access-control-request-method",
                            "PUT");
            assertThat(otherMethod.forwarded().ended()).isTrue();
            Exchange withoutOrigin = harness.get("/").respondEmpty(200);
            assertThat(allowed(withoutOrigin)).isNull();
            assertThat(harness.stats()).isEqualTo(Map.of(VALID, 2L));
        }
    }

    @Test
    void anOtherOriginIsForwardedWithoutAWord() {
        try (FilterHarness harness =
                cors("{allow_origin_string_match: [{exact: \"https://b.test\"}]}").open()) {
            Exchange exchange = harness.bodiless("OPTIONS", "/", PREFLIGHT);
            assertThat(exchange.forwarded().ended()).isTrue();
            assertThat(allowed(exchange.respondEmpty(200))).isNull();
            assertThat(harness.stats()).isEqualTo(Map.of(INVALID, 1L));
        }
    }

    @Test
    void orIsAnsweredHereWhereThePolicySaysSo() {
        FilterSetup setup =
                cors(
                        """
                        {allow_origin_string_match: [{exact: "https://b.test"}], allow_methods: GET,
                         forward_not_matching_preflights: false}
                        """);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.bodiless("OPTIONS", "/", PREFLIGHT);
            assertThat(exchange.forwarded().began()).isFalse();
            assertThat(exchange.response().status()).isEqualTo(200);
            assertThat(allowed(exchange)).isNull();
            assertThat(exchange.response().header("access-control-allow-methods")).isEqualTo("GET");
        }
    }

    @Test
    void levelsCompleteOneAnother() {
        FilterSetup setup =
                cors("{allow_origin_string_match: [{exact: \"*\"}], max_age: \"5\"}")
                        .override(OverrideLevel.ROUTE, policy("{allow_methods: PATCH}"));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.bodiless("OPTIONS", "/", PREFLIGHT);
            assertThat(exchange.response().header("access-control-allow-methods"))
                    .isEqualTo("PATCH");
            assertThat(exchange.response().header("access-control-max-age")).isEqualTo("5");
        }
    }

    @Test
    void aShadowCountsAndDoesNothing() {
        FilterSetup setup =
                cors(
                        """
                        {allow_origin_string_match: [{exact: "*"}],
                         filter_enabled: {default_value: {numerator: 0}},
                         shadow_enabled: {default_value: {numerator: 100}}}
                        """);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.bodiless("OPTIONS", "/", PREFLIGHT);
            assertThat(allowed(exchange.respondEmpty(200))).isNull();
            assertThat(harness.stats()).isEqualTo(Map.of(VALID, 1L));
        }
    }

    @Test
    void theDeprecatedFieldCountsWhereNothingElseIsSaid() {
        FilterSetup setup =
                cors().routes(
                                """
                                name: r
                                virtual_hosts:
                                - name: v
                                  domains: ["*"]
                                  cors: {allow_origin_string_match: [{exact: "*"}], max_age: "7"}
                                  routes:
                                  - {match: {prefix: /redirect}, redirect: {host_redirect: x}}
                                  - {match: {prefix: /}, route: {cluster: upstream}}
                                """);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.bodiless("OPTIONS", "/", PREFLIGHT);
            assertThat(exchange.response().header("access-control-max-age")).isEqualTo("7");
            Exchange redirected = harness.bodiless("OPTIONS", "/redirect", PREFLIGHT);
            assertThat(redirected.forwarded().ended()).isTrue();
            assertThat(harness.stats()).isEqualTo(Map.of(VALID, 1L));
        }
    }

    @Test
    void withoutAPolicyNothingHappens() {
        try (FilterHarness harness = cors().open()) {
            Exchange exchange = harness.bodiless("OPTIONS", "/", PREFLIGHT).respondEmpty(200);
            assertThat(allowed(exchange)).isNull();
            assertThat(harness.stats()).isEmpty();
        }
    }

    @Test
    void nothingStaysBehindWhoeverLeaves() {
        cors("{allow_origin_string_match: [{exact: \"*\"}]}")
                .everyDeparture(harness ->
                        harness.post("/", "body", "origin", "https://a.test")
                                .respond(200)
                                .responseEnd("answer"));
    }

    @Test
    void aPolicyIsRefusedWithItsPath() {
        assertThat(cors("{filter_enabled: {}}").errors())
                .containsExactly(
                        "filter_enabled.default_value: Proto constraint validation failed"
                                + " (CorsPolicyValidationError.FilterEnabled: embedded message"
                                + " failed validation | caused by"
                                + " RuntimeFractionalPercentValidationError.DefaultValue: value is"
                                + " required)");
    }
}
