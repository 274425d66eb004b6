package dev.attache.filters.http.match_delegate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinExtension;
import dev.attache.filters.BuiltinFilter;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import org.junit.jupiter.api.Test;

/** A filter that is passed by where its matcher says so. */
final class MatchDelegateFilterTest {
    private static final String TYPE = "\"@type\": type.googleapis.com/envoy.";
    private static final String BUFFER =
            "{name: buffer, typed_config: %s}"
                    .formatted(BuiltinFilter.typed("buffer.v3.Buffer", "{max_request_bytes: 9}"));
    private static final String SKIP =
            "{action: {name: skip, typed_config: {"
                    + TYPE
                    + "extensions.filters.common.matcher.action.v3.SkipFilter}}}";

    private static String matcher(String input) {
        return ("{matcher_list: {matchers: [{predicate: {single_predicate: {input: {name: i,"
                        + " typed_config: {%stype.matcher.v3.%s, header_name: x-skip}}, value_match:"
                        + " {exact: 'yes'}}}, on_match: %s}]}}")
                .formatted(TYPE, input, SKIP);
    }

    private static FilterSetup buffer(String fields) {
        return FilterHarness.yaml(
                ("{name: matched, typed_config: {%sextensions.common.matching.v3.ExtensionWithMatcher,"
                                + " extension_config: %s%s}}")
                        .formatted(TYPE, BUFFER, fields),
                BuiltinExtension.all());
    }

    private static FilterSetup byRequest() {
        return buffer(", xds_matcher: " + matcher("HttpRequestHeaderMatchInput"));
    }

    @Test
    void whereTheMatcherSaysSoTheFilterIsPassedBy() {
        try (FilterHarness harness = byRequest().open()) {
            Exchange exchange = harness.request("POST", "/", "x-skip", "yes").body("hello");
            assertThat(exchange.forwarded().body()).isEqualTo("hello");
        }
    }

    @Test
    void elsewhereItRuns() {
        String outcome =
                byRequest()
                        .everyCut(harness -> {
                            Exchange exchange = harness.request("POST", "/").body("hel").body("lo");
                            assertThat(exchange.forwarded().began()).isFalse();
                            exchange.end().respond(200).responseEnd("fine");
                            return harness.outcome();
                        });
        assertThat(outcome).contains("content-length: 5\nbody: hello\ncomplete");
    }

    @Test
    void untilTheMatcherIsDecidedItRuns() {
        FilterSetup setup = buffer(", xds_matcher: " + matcher("HttpResponseHeaderMatchInput"));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.request("POST", "/").body("hello");
            assertThat(exchange.forwarded().began()).isFalse();
            exchange.end();
            assertThat(exchange.forwarded().body()).isEqualTo("hello");
            exchange.respond(200, "x-skip", "yes").responseEnd("fine");
            assertThat(exchange.response().body()).isEqualTo("fine");
        }
    }

    @Test
    void withoutAMatcherItIsPassedByUnlessARouteHasOne() {
        FilterSetup setup = buffer("");
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.request("POST", "/").body("hello");
            assertThat(exchange.forwarded().body()).isEqualTo("hello");
        }
        setup.override(
                OverrideLevel.ROUTE,
                "{%sextensions.common.matching.v3.ExtensionWithMatcherPerRoute, xds_matcher: %s}"
                        .formatted(TYPE, matcher("HttpRequestHeaderMatchInput")));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.request("POST", "/").body("hello");
            assertThat(exchange.forwarded().began()).isFalse();
            exchange.end();
        }
    }

    @Test
    void whoeverLeavesTakesTheFilterAlong() {
        byRequest()
                .everyDeparture(harness ->
                        harness.request("POST", "/")
                                .body("hello")
                                .end()
                                .respond(200)
                                .responseEnd("fine"));
    }

    @Test
    void whatStandsInTheFilterIsLookedAt() {
        FilterSetup setup =
                FilterHarness.yaml(
                        ("{name: m, typed_config: {%sextensions.common.matching.v3.ExtensionWithMatcher,"
                                        + " extension_config: {name: b, typed_config: %s}, xds_matcher:"
                                        + " {on_no_match: {keep_matching: true, %s}}}")
                                .formatted(
                                        TYPE,
                                        BuiltinFilter.typed("buffer.v3.Buffer", "{}"),
                                        SKIP.substring(1)),
                        BuiltinExtension.all());
        assertThat(setup.errors())
                .containsExactly(
                        "extension_config.typed_config.max_request_bytes: Proto constraint"
                                + " validation failed (BufferValidationError.MaxRequestBytes: value"
                                + " is required)",
                        "xds_matcher.on_no_match.keep_matching: keep_matching is not supported in"
                                + " this context");
    }
}
