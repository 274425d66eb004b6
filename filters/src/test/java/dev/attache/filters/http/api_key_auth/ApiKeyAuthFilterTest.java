package dev.attache.filters.http.api_key_auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import org.junit.jupiter.api.Test;

final class ApiKeyAuthFilterTest {
    private static final String KEYS =
            "credentials: [{key: one, client: first}, {key: two, client: second}]";
    private static final String PLACES =
            "key_sources: [{header: x-key}, {query: key}, {cookie: key}]";

    private static FilterSetup filter(String... fields) {
        return BuiltinFilter.of(
                "key", "api_key_auth.v3.ApiKeyAuth", "{" + String.join(", ", fields) + "}");
    }

    private static String route(String... fields) {
        return BuiltinFilter.typed(
                "api_key_auth.v3.ApiKeyAuthPerRoute", "{" + String.join(", ", fields) + "}");
    }

    @Test
    void aKeyIsFoundWhereverItMayBeShown() {
        FilterSetup setup = filter(KEYS, PLACES, "forwarding: {header: x-client}");
        try (FilterHarness harness = setup.open()) {
            assertThat(client(harness.get("/", "x-key", "one"))).isEqualTo("first");
            assertThat(client(harness.get("/", "x-key", "Bearer two"))).isEqualTo("second");
            assertThat(client(harness.get("/?a=b&key=%6fne"))).isEqualTo("first");
            assertThat(client(harness.get("/", "cookie", "a=b; key=two"))).isEqualTo("second");
            assertThat(harness.counter("http.test.api_key_auth.allowed")).isEqualTo(4);
        }
    }

    private static String client(Exchange exchange) {
        return String.valueOf(exchange.forwarded().header("x-client"));
    }

    @Test
    void whoShowsNoneIsTurnedAway() {
        String outcome =
                filter(KEYS, PLACES)
                        .everyCut(harness -> {
                            harness.post("/", "some text", "x-key", "");
                            return harness.outcome();
                        });
        assertThat(outcome)
                .contains(
                        "forwarded:\nnothing\n",
                        ":status: 401\n",
                        "body: Client authentication failed.\n",
                        "details: missing_api_key\n",
                        "http.test.api_key_auth.unauthorized: 1\n");
    }

    @Test
    void theFirstKeyThatIsShownCounts() {
        try (FilterHarness harness = filter(KEYS, PLACES).open()) {
            assertThat(harness.get("/?key=one", "x-key", "three").details())
                    .isEqualTo("unknown_api_key");
        }
    }

    @Test
    void aRouteAllowsSomeClients() {
        FilterSetup setup =
                filter(KEYS, PLACES)
                        .override(OverrideLevel.ROUTE, route("allowed_clients: [first]"));
        try (FilterHarness harness = setup.open()) {
            assertThat(harness.get("/", "x-key", "one").forwarded().ended()).isTrue();
            Exchange denied = harness.get("/", "x-key", "two");
            assertThat(denied.response().status()).isEqualTo(403);
            assertThat(denied.response().body()).isEqualTo("Client is forbidden.");
            assertThat(denied.details()).isEqualTo("client_not_allowed");
            assertThat(harness.counter("http.test.api_key_auth.forbidden")).isEqualTo(1);
        }
    }

    @Test
    void whatARouteSaysCountsPartByPart() {
        FilterSetup setup =
                filter(KEYS, PLACES)
                        .override(
                                OverrideLevel.ROUTE,
                                route("credentials: [{key: own, client: mine}]"));
        try (FilterHarness harness = setup.open()) {
            assertThat(harness.get("/", "x-key", "own").forwarded().ended()).isTrue();
            assertThat(harness.get("/", "x-key", "one").details()).isEqualTo("unknown_api_key");
        }
    }

    @Test
    void nothingSaidLetsNobodyIn() {
        try (FilterHarness harness = filter().open()) {
            assertThat(harness.get("/").details()).isEqualTo("missing_key_sources");
        }
        try (FilterHarness harness = filter(PLACES).open()) {
            assertThat(harness.get("/").details()).isEqualTo("missing_credentials");
        }
    }

    @Test
    void hiddenKeysDoNotGoOn() {
        FilterSetup setup = filter(KEYS, PLACES, "forwarding: {hide_credentials: true}");
        try (FilterHarness harness = setup.open()) {
            Exchange exchange =
                    harness.get("/p?b=1&key=one", "x-key", "one", "cookie", "a=b; key=one; c=d");
            assertThat(exchange.forwarded().header(":path")).isEqualTo("/p?b=1");
            assertThat(exchange.forwarded().header("x-key")).isNull();
            assertThat(exchange.forwarded().header("cookie")).isEqualTo("a=b; c=d");
        }
    }

    @Test
    void keysThatAreNotClearAreRefused() {
        assertThat(filter("credentials: [{key: k, client: a}, {key: k, client: b}]").errors())
                .anyMatch(error -> error.contains("Duplicated credential key: 'k'"));
        assertThat(filter("key_sources: [{}]").errors())
                .anyMatch(error -> error.contains("One of 'header'/'query'/'cookie' must be set."));
    }
}
