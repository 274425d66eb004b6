package dev.attache.filters.http.local_ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LocalRateLimitFilterTest {
    private static final String MESSAGE = "local_ratelimit.v3.LocalRateLimit";
    private static final String ALWAYS = "{default_value: {numerator: 100}}";
    private static final String NAMED = "stat_prefix: lim";
    private static final String ENFORCED =
            "filter_enabled: %s, filter_enforced: %s".formatted(ALWAYS, ALWAYS);
    private static final String BUCKET =
            "token_bucket: {max_tokens: 2, tokens_per_fill: 1, fill_interval: 10s}";

    private static FilterSetup limit(String... fields) {
        return BuiltinFilter.of("limit", MESSAGE, "{" + String.join(", ", fields) + "}");
    }

    private static int status(FilterHarness harness, String... headers) {
        Exchange exchange = harness.get("/", headers);
        if (exchange.forwarded().began()) {
            exchange.respondEmpty(200);
        }
        return exchange.response().status();
    }

    @Test
    void tokensAreTakenAndComeBack() {
        try (FilterHarness harness =
                limit(NAMED, ENFORCED, BUCKET, "enable_x_ratelimit_headers: DRAFT_VERSION_03")
                        .open()) {
            Exchange first = harness.get("/").respondEmpty(200);
            assertThat(first.response().header("x-ratelimit-limit")).isEqualTo("2");
            assertThat(first.response().header("x-ratelimit-remaining")).isEqualTo("1");
            assertThat(status(harness)).isEqualTo(200);
            harness.advance(9_999);
            Exchange limited = harness.post("/", "body");
            assertThat(limited.forwarded().began()).isFalse();
            assertThat(limited.response().status()).isEqualTo(429);
            assertThat(limited.response().body()).isEqualTo("local_rate_limited");
            assertThat(limited.response().header("x-ratelimit-remaining")).isEqualTo("0");
            assertThat(limited.response().header("x-ratelimit-reset")).isEqualTo("1");
            assertThat(limited.details()).isEqualTo("local_rate_limited");
            assertThat(limited.flags()).isEqualTo("RL");
            harness.advance(1);
            assertThat(status(harness)).isEqualTo(200);
            assertThat(harness.stats())
                    .isEqualTo(
                            Map.of(
                                    "lim.http_local_rate_limit.enabled", 4L,
                                    "lim.http_local_rate_limit.ok", 3L,
                                    "lim.http_local_rate_limit.rate_limited", 1L,
                                    "lim.http_local_rate_limit.enforced", 1L));
        }
    }

    @Test
    void whatIsNotEnforcedIsMarkedAndGoesOn() {
        FilterSetup setup =
                limit(
                        NAMED,
                        "filter_enabled: " + ALWAYS,
                        "token_bucket: {max_tokens: 1, fill_interval: 60s}",
                        "request_headers_to_add_when_not_enforced:"
                                + " [{header: {key: x-limited, value: \"yes\"}}]");
        try (FilterHarness harness = setup.open()) {
            assertThat(harness.get("/").forwarded().header("x-limited")).isNull();
            assertThat(harness.get("/").forwarded().header("x-limited")).isEqualTo("yes");
            assertThat(harness.counter("lim.http_local_rate_limit.rate_limited")).isEqualTo(1);
            assertThat(harness.counter("lim.http_local_rate_limit.enforced")).isZero();
        }
    }

    @Test
    void theAnswerIsAsConfigured() {
        FilterSetup setup =
                limit(
                        NAMED,
                        ENFORCED,
                        "token_bucket: {max_tokens: 0, fill_interval: 60s}",
                        "status: {code: 503}",
                        "response_headers_to_add: [{header: {key: x-why, value: limit}}]");
        String outcome =
                setup.everyCut(harness -> {
                    harness.post("/", "body");
                    return harness.outcome();
                });
        assertThat(outcome)
                .contains(":status: 503\n", "x-why: limit\n", "body: local_rate_limited\ncomplete");
    }

    @Test
    void descriptorsHaveBucketsOfTheirOwn() {
        FilterSetup setup =
                limit(
                        NAMED,
                        ENFORCED,
                        "token_bucket: {max_tokens: 100, fill_interval: 60s}",
                        """
                        rate_limits: [{actions: [{request_headers:
                          {header_name: x-user, descriptor_key: user}}]}],
                        descriptors: [{entries: [{key: user, value: ann}],
                          token_bucket: {max_tokens: 1, fill_interval: 60s}}]
                        """);
        try (FilterHarness harness = setup.open()) {
            assertThat(status(harness, "x-user", "ann")).isEqualTo(200);
            assertThat(status(harness, "x-user", "ann")).isEqualTo(429);
            assertThat(status(harness, "x-user", "bob")).isEqualTo(200);
            assertThat(status(harness)).isEqualTo(200);
        }
    }

    @Test
    void aRouteHasItsOwnBucketAndName() {
        FilterSetup setup =
                limit(NAMED, ENFORCED, "token_bucket: {max_tokens: 0, fill_interval: 60s}")
                        .override(
                                OverrideLevel.ROUTE,
                                BuiltinFilter.typed(
                                        MESSAGE,
                                        "{stat_prefix: route, %s, %s}"
                                                .formatted(ENFORCED, BUCKET)));
        try (FilterHarness harness = setup.open()) {
            assertThat(status(harness)).isEqualTo(200);
            assertThat(harness.counter("route.http_local_rate_limit.ok")).isEqualTo(1);
        }
    }

    @Test
    void hostsOfTheOwnClusterShareTheTokens() {
        FilterSetup setup =
                limit(
                                NAMED,
                                ENFORCED,
                                "local_cluster_rate_limit: {}",
                                "token_bucket: {max_tokens: 4, tokens_per_fill: 4, fill_interval: 60s}")
                        .compiledWith(settings -> BuiltinFilter.withLocalCluster(settings, "us"))
                        .cluster("us", 2);
        try (FilterHarness harness = setup.open()) {
            assertThat(status(harness)).isEqualTo(200);
            assertThat(status(harness)).isEqualTo(200);
            assertThat(status(harness)).isEqualTo(429);
        }
    }

    @Test
    void withoutABucketNothingIsLimited() {
        try (FilterHarness harness = limit(NAMED, ENFORCED).open()) {
            assertThat(status(harness)).isEqualTo(200);
            assertThat(harness.counter("lim.http_local_rate_limit.ok")).isEqualTo(1);
        }
    }

    @Test
    void nothingStaysBehindWhoeverLeaves() {
        limit(NAMED, ENFORCED, BUCKET)
                .everyDeparture(
                        harness -> harness.post("/", "body").respond(200).responseEnd("answer"));
    }
}
