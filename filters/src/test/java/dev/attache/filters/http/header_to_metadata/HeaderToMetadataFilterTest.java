package dev.attache.filters.http.header_to_metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import org.junit.jupiter.api.Test;

final class HeaderToMetadataFilterTest {
    private static final String MESSAGE = "header_to_metadata.v3.Config";
    private static final String NAMESPACE = "envoy.filters.http.header_to_metadata";

    private static FilterSetup filter(String fields) {
        return BuiltinFilter.of("h2m", MESSAGE, fields);
    }

    private static FilterSetup request(String rules) {
        return filter("{stat_prefix: s, request_rules: [" + rules + "]}");
    }

    private static MetadataValue text(String value) {
        return new MetadataValue.Text(value);
    }

    @Test
    void headersAreJoinedWrittenAndTakenAway() {
        FilterSetup setup =
                request(
                        """
                        {header: x-a, on_header_present: {key: a}, remove: true},
                        {header: X-A, on_header_missing: {metadata_namespace: other, key: again, value: gone}},
                        {header: host, on_header_present: {key: host}}
                        """);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/", ":authority", "h", "x-a", "1", "x-a", "2");
            assertThat(exchange.metadata(NAMESPACE, "a")).isEqualTo(text("1,2"));
            assertThat(exchange.metadata("other", "again")).isEqualTo(text("gone"));
            assertThat(exchange.metadata(NAMESPACE, "host")).isEqualTo(text("h"));
            assertThat(exchange.forwarded().header("x-a")).isNull();
            assertThat(harness.counter("http_filter_name.s.request_rules_processed")).isEqualTo(3);
            assertThat(harness.counter("http_filter_name.s.request_header_not_found")).isEqualTo(1);
            assertThat(harness.counter("http_filter_name.s.request_metadata_added")).isEqualTo(3);
        }
    }

    @Test
    void cookiesOfWhichAnEmptyOneIsNone() {
        FilterSetup setup =
                request(
                        "{cookie: c, on_header_present: {key: c}, on_header_missing: {key: c, value:"
                                + " none}}");
        try (FilterHarness harness = setup.open()) {
            Exchange there = harness.get("/", "cookie", "a=b; c=\"quoted\"");
            assertThat(there.metadata(NAMESPACE, "c")).isEqualTo(text("quoted"));
            Exchange empty = harness.get("/", "cookie", "c=");
            assertThat(empty.metadata(NAMESPACE, "c")).isEqualTo(text("none"));
        }
    }

    @Test
    void valuesAreRewrittenAndOneThatVanishesIsCounted() {
        FilterSetup setup =
                request(
                        """
                        {header: x-a, on_header_present: {key: a, regex_value_rewrite:
                          {pattern: {regex: "^.*URI=spiffe://[^/]+/(.*)$"}, substitution: '\\1'}}}
                        """);
        try (FilterHarness harness = setup.open()) {
            Exchange matched = harness.get("/", "x-a", "By=x;URI=spiffe://trust/ns/web");
            assertThat(matched.metadata(NAMESPACE, "a")).isEqualTo(text("ns/web"));
            Exchange other = harness.get("/", "x-a", "none");
            assertThat(other.metadata(NAMESPACE, "a")).isEqualTo(text("none"));
            Exchange emptied = harness.get("/", "x-a", "URI=spiffe://trust/");
            assertThat(emptied.metadata(NAMESPACE)).isNull();
            assertThat(harness.counter("http_filter_name.s.regex_substitution_failed"))
                    .isEqualTo(1);
        }
    }

    @Test
    void typesAndEncodings() {
        FilterSetup setup =
                request(
                        """
                        {header: x-n, on_header_present: {key: number, type: NUMBER}},
                        {header: x-b, on_header_present: {key: b, encode: BASE64}},
                        {header: x-v, on_header_present: {key: v, encode: BASE64, type: PROTOBUF_VALUE}}
                        """);
        try (FilterHarness harness = setup.open()) {
            Exchange good = harness.get("/", "x-n", " 1.5 ", "x-b", "Y2Fmw6k", "x-v", "IAE=");
            assertThat(good.metadata(NAMESPACE, "number")).isEqualTo(new MetadataValue.Number(1.5));
            assertThat(good.metadata(NAMESPACE, "b")).isEqualTo(text("caf\u00e9"));
            assertThat(good.metadata(NAMESPACE, "v")).isEqualTo(new MetadataValue.Bool(true));
            for (String bad : new String[] {"A", "AB", "A===", "a b", "Y2Fmw6l", "-_-_"}) {
                assertThat(
                                harness.get("/", "x-n", "x", "x-b", bad, "x-v", "QUJD")
                                        .metadata(NAMESPACE))
                        .as(bad)
                        .isNull();
            }
            assertThat(harness.counter("http_filter_name.s.base64_decode_failed")).isEqualTo(6);
        }
    }

    @Test
    void whatIsTooLongIsNotWritten() {
        FilterSetup setup = request("{header: x-a, on_header_present: {key: a}}");
        try (FilterHarness harness = setup.open()) {
            assertThat(harness.get("/", "x-a", "x".repeat(8191)).metadata(NAMESPACE)).isNotNull();
            assertThat(harness.get("/", "x-a", "x".repeat(8192)).metadata(NAMESPACE)).isNull();
            assertThat(harness.counter("http_filter_name.s.header_value_too_long")).isEqualTo(1);
        }
    }

    @Test
    void responsesAndWhatARouteSaysInstead() {
        String rules =
                "{response_rules: [{header: x-up, on_header_present: {key: %s}, on_header_missing:"
                        + " {key: %s, value: none}}]}";
        FilterSetup setup = filter(rules.formatted("filter", "filter"));
        setup.everyDeparture(harness -> {
            Exchange exchange = harness.get("/").respond(200, "x-up", "1").responseEnd();
            assertThat(exchange.metadata(NAMESPACE, "filter")).isEqualTo(text("1"));
        });
        FilterSetup ofRoute =
                setup.override(
                        OverrideLevel.ROUTE,
                        BuiltinFilter.typed(MESSAGE, rules.formatted("route", "route")));
        try (FilterHarness harness = ofRoute.open()) {
            Exchange exchange = harness.get("/").respondEmpty(200);
            assertThat(exchange.metadata(NAMESPACE, "route")).isEqualTo(text("none"));
            assertThat(exchange.metadata(NAMESPACE, "filter")).isNull();
        }
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertThat(request("{header: a, cookie: b, on_header_present: {key: k}}").errors())
                .containsExactly(
                        "request_rules[0]: Cannot specify both header and cookie in the same rule");
        assertThat(request("{on_header_present: {key: k}}").errors())
                .containsExactly(
                        "request_rules[0]: One of Cookie or Header option needs to be specified");
        assertThat(request("{cookie: b}").errors())
                .singleElement()
                .asString()
                .contains("rule for cookie", "has neither");
        assertThat(
                        request(
                                        "{header: a, on_header_present: {key: k, value: v,"
                                                + " regex_value_rewrite: {pattern: {regex: a},"
                                                + " substitution: b}}}")
                                .errors())
                .containsExactly(
                        "request_rules[0]: Cannot specify both value and regex_value_rewrite");
        assertThat(request("{cookie: a, on_header_present: {key: k}, remove: true}").errors())
                .containsExactly("request_rules[0]: Cannot specify remove for cookie");
        assertThat(request("{header: a, on_header_missing: {key: k}}").errors())
                .containsExactly(
                        "request_rules[0]: Cannot specify on_header_missing rule with an empty"
                                + " value");
        assertThat(
                        filter("{}")
                                .override(OverrideLevel.ROUTE, BuiltinFilter.typed(MESSAGE, "{}"))
                                .errors())
                .containsExactly(
                        "header_to_metadata_filter: Per filter configs must at least specify either"
                                + " request or response rules");
    }
}
