package dev.attache.filters.http.composite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The filter with a matcher of its own; within an extension with a matcher see the cases. */
final class CompositeFilterTest {
    private static final String HEADER =
            "{name: i, typed_config: {\"@type\":"
                    + " type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput,"
                    + " header_name: x-run}}";
    private static final String BUFFER =
            named("buffer", "buffer.v3.Buffer", "{max_request_bytes: 9}");

    /** Lets a request wait until its time is over. */
    private static final String DELAY =
            named(
                    "fault",
                    "fault.v3.HTTPFault",
                    "{delay: {fixed_delay: 0.08s, percentage: {numerator: 100}}}");

    private static String named(String name, String message, String fields) {
        return "{name: %s, typed_config: %s}".formatted(name, BuiltinFilter.typed(message, fields));
    }

    private static String action(String fields) {
        return "{action: {name: a, typed_config: %s}}"
                .formatted(BuiltinFilter.typed("composite.v3.ExecuteFilterAction", fields));
    }

    private static String matcher(String action) {
        return ("{matcher_list: {matchers: [{predicate: {single_predicate: {input: %s, value_match:"
                        + " {exact: 'yes'}}}, on_match: %s}]}}")
                .formatted(HEADER, action);
    }

    private static FilterSetup composite(String fields) {
        return BuiltinFilter.of("composite", "composite.v3.Composite", fields);
    }

    private static FilterSetup executing(String fields) {
        return composite("{matcher: " + matcher(action(fields)) + "}");
    }

    @Test
    void whatIsPickedSeesTheStream() {
        String outcome =
                executing("{typed_config: " + BUFFER + "}")
                        .everyCut(harness -> {
                            Exchange exchange = harness.request("POST", "/", "x-run", "yes");
                            exchange.body("hel").body("lo");
                            assertThat(exchange.forwarded().began()).isFalse();
                            exchange.end().respond(200).responseEnd("fine");
                            return harness.outcome();
                        });
        assertThat(outcome)
                .contains(
                        "content-length: 5\nbody: hello\ncomplete",
                        "http.test.composite.filter_delegation_success: 1");
    }

    @Test
    void withoutAPickTheStreamPasses() {
        try (FilterHarness harness = executing("{typed_config: " + BUFFER + "}").open()) {
            Exchange exchange = harness.request("POST", "/", "x-run", "no").body("more than nine");
            assertThat(exchange.forwarded().pieces()).containsExactly("more than nine");
            assertThat(harness.counter("http.test.composite.filter_delegation_success")).isZero();
        }
    }

    @Test
    void aFilterThatWaitsGoesOnWhereItStood() {
        String outcome =
                executing("{typed_config: " + DELAY + "}")
                        .everyCut(harness -> {
                            Exchange exchange = harness.post("/", "hello", "x-run", "yes");
                            assertThat(exchange.forwarded().began()).isFalse();
                            harness.advance(80);
                            exchange.respond(200).responseEnd("fine");
                            return harness.outcome();
                        });
        assertThat(outcome).contains("body: hello\ncomplete", "http.test.fault.delays_injected: 1");
    }

    @Test
    void whoeverLeavesTakesWhatWasPickedAlong() {
        executing("{filter_chain: {typed_config: [" + BUFFER + ", " + DELAY + "]}}")
                .everyDeparture(harness -> {
                    Exchange exchange = harness.request("POST", "/", "x-run", "yes");
                    exchange.body("hello").end();
                    harness.advance(80);
                    exchange.respond(200).responseEnd("fine");
                });
    }

    @Test
    void aRoutesFiltersAreOpenedWhenTheyAreFirstExecutedAndClosedWithTheChain() {
        FilterSetup setup =
                composite("{}")
                        .override(
                                OverrideLevel.ROUTE,
                                BuiltinFilter.typed(
                                        "composite.v3.CompositePerRoute",
                                        "{matcher: "
                                                + matcher(action("{typed_config: " + BUFFER + "}"))
                                                + "}"));
        try (FilterHarness harness = setup.open()) {
            for (int i = 0; i < 2; i++) {
                Exchange exchange = harness.request("POST", "/", "x-run", "yes").body("hello");
                assertThat(exchange.forwarded().began()).isFalse();
                exchange.end();
                assertThat(exchange.forwarded().body()).isEqualTo("hello");
            }
        }
    }

    @Test
    void theFilterStateSaysWhatWasExecuted() {
        try (FilterHarness harness = executing("{typed_config: " + BUFFER + "}").open()) {
            Exchange exchange = harness.get("/", "x-run", "yes");
            FilterState.Value told = exchange.info().filterState().get(MatchedActions.KEY);
            assertThat(told).isNotNull();
            assertThat(told.serializeAsString()).isEqualTo("{\"composite\":\"buffer\"}");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    {filter_chain: {}}; matcher.on_no_match.action.typed_config.filter_chain: filter_chain must contain at least one filter.
                    {}; matcher.on_no_match.action.typed_config.typed_config.typed_config: Didn't find a registered implementation for '' with type URL: ''
                    {typed_config: {name: f, typed_config: {"@type": type.googleapis.com/google.protobuf.Struct}}}; matcher.on_no_match.action.typed_config.typed_config.typed_config: Didn't find a registered implementation for 'f' with type URL: 'google.protobuf.Struct'
                    {filter_chain: {typed_config: [{name: f, typed_config: {"@type": type.googleapis.com/google.protobuf.Struct}}]}}; matcher.on_no_match.action.typed_config.filter_chain.typed_config[0].typed_config: Didn't find a registered implementation for 'f' with type URL: 'google.protobuf.Struct'
                    {dynamic_config: {name: d, config_discovery: {config_source: {ads: {}}, type_urls: [a]}}}; matcher.on_no_match.action.typed_config.dynamic_config.config_discovery.type_urls[0]: Error: no factory found for a required type URL a.
                    """)
    void badActions(String fields, String error) {
        assertThat(composite("{matcher: {on_no_match: " + action(fields) + "}}").errors())
                .containsExactly(error);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            textBlock =
                    """
                    exact_match_map: {map: {a: SKIP}}; map matcher
                    custom_match: {name: c, typed_config: {"@type": type.googleapis.com/xds.type.matcher.v3.IPMatcher, range_matchers: [{ranges: [{address_prefix: 10.0.0.0}], on_match: SKIP}]}}; IP range matcher
                    custom_match: {name: c, typed_config: {"@type": type.googleapis.com/xds.type.matcher.v3.ServerNameMatcher, domain_matchers: [{domains: [a], on_match: SKIP}]}}; domain matcher
                    """)
    void anInputThatIsNoTextIsNotForMaps(String map, String name) {
        String input =
                "input: {name: i, typed_config: {'@type':"
                        + " type.googleapis.com/xds.type.matcher.v3.HttpAttributesCelMatchInput}}, ";
        String skip =
                "{action: {name: s, typed_config: {'@type':"
                        + " type.googleapis.com/envoy.extensions.filters.common.matcher.action.v3.SkipFilter}}}";
        assertThat(
                        composite(
                                        "{matcher: {matcher_tree: {"
                                                + input
                                                + map.replace("SKIP", skip)
                                                + "}}}")
                                .errors())
                .containsExactly(
                        "matcher.matcher_tree.input: Unsupported data input type: cel_data_input,"
                                + " currently only string type is supported in "
                                + name);
    }

    @Test
    void aNamedChainHasFilters() {
        assertThat(composite("{named_filter_chains: {a: {}}}").errors())
                .containsExactly(
                        "named_filter_chains[\"a\"]: Named filter chain 'a' must contain at least"
                                + " one filter.");
    }
}
