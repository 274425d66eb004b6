package dev.attache.filters.http.header_mutation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import org.junit.jupiter.api.Test;

final class HeaderMutationFilterTest {

    private static FilterSetup mutations(String fields) {
        return BuiltinFilter.of("mutation", "header_mutation.v3.HeaderMutation", fields);
    }

    private static String perRoute(String mutations) {
        return BuiltinFilter.typed(
                "header_mutation.v3.HeaderMutationPerRoute", "{mutations: " + mutations + "}");
    }

    private static String append(String name, String value) {
        return "[{append: {header: {key: %s, value: \"%s\"}}}]".formatted(name, value);
    }

    @Test
    void allFourPartsOfAnExchangeAreChanged() {
        FilterSetup setup =
                mutations(
                        """
                        {mutations: {
                          request_mutations: %s, request_trailers_mutations: %s,
                          response_mutations: %s, response_trailers_mutations: %s}}
                        """
                                .formatted(
                                        append("x-a", "%REQ(:path)%"),
                                        append("x-b", "%REQ(x-a)%"),
                                        append("x-c", "%RESP(:status)%"),
                                        append("x-d", "%RESP(x-c)%,%TRAILER(x-t)%")));
        String outcome =
                setup.everyCut(harness -> {
                    Exchange exchange = harness.request("POST", "/p").body("question");
                    exchange.trailers("x-q", "1");
                    exchange.respond(203).responseBody("answer");
                    exchange.responseTrailers("x-t", "2");
                    return harness.outcome();
                });
        assertThat(outcome)
                .contains(
                        "x-a: /p\nbody: question\ntrailer x-q: 1\ntrailer x-b: /p\ncomplete",
                        "x-c: 203\nbody: answer\ntrailer x-t: 2\ntrailer x-d: 203,2\ncomplete");
    }

    @Test
    void levelsOfARouteComeBehindTheFilterTheMostSpecificFirst() {
        FilterSetup setup =
                mutations(
                        "{mutations: {request_mutations: %s}}".formatted(append("x-o", "filter")));
        overrides(setup);
        try (FilterHarness harness = setup.open()) {
            assertThat(harness.get("/").forwarded().header("x-o"))
                    .isEqualTo("filter,route,host,all");
        }
    }

    @Test
    void orLastWhereTheFilterSaysSo() {
        FilterSetup setup = mutations("{most_specific_header_mutations_wins: true}");
        overrides(setup);
        try (FilterHarness harness = setup.open()) {
            assertThat(harness.get("/").forwarded().header("x-o")).isEqualTo("all,host,route");
        }
    }

    @Test
    void headersGoFirstThenTheQueryByWhatTheyLeft() {
        FilterSetup setup =
                mutations(
                        """
                        {mutations: {
                          query_parameter_mutations: [
                            {append: {record: {key: b, value: "%REQ(x-new)%"}}},
                            {append: {record: {key: a, value: "%QUERY_PARAM(b)%"},
                              action: OVERWRITE_IF_EXISTS}}],
                          request_mutations: [
                            {append: {header: {key: x-new, value: "%REQ(x-old)%"}}},
                            {remove: x-old}]}}
                        """);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/p?a=1", "x-old", "gone");
            assertThat(exchange.forwarded().header(":path")).isEqualTo("/p?a=&b=gone");
            assertThat(exchange.forwarded().header("x-old")).isNull();
        }
    }

    @Test
    void aRequestWithoutAPathHasNoQueryToChange() {
        FilterSetup setup =
                mutations(
                        "{mutations: {query_parameter_mutations:"
                                + " [{append: {record: {key: b, value: c}}}]}}");
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.bodiless("CONNECT", "");
            assertThat(exchange.forwarded().ended()).isTrue();
            assertThat(exchange.forwarded().header(":path")).isNull();
        }
    }

    @Test
    void removingTheHostRemovesTheAuthority() {
        try (FilterHarness harness =
                mutations("{mutations: {request_mutations: [{remove: Host}]}}").open()) {
            assertThat(harness.get("/").forwarded().header(":authority")).isNull();
        }
    }

    @Test
    void namesAreMatchedAsTheyAreKept() {
        FilterSetup setup =
                mutations(
                        """
                        {mutations: {request_mutations: [
                          {remove_on_match: {key_matcher: {exact: X-Two}}},
                          {remove_on_match: {key_matcher: {exact: x-one}}}]}}
                        """);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/", "X-One", "1", "x-two", "2", "x-one", "3");
            assertThat(exchange.forwarded().header("x-one")).isNull();
            assertThat(exchange.forwarded().header("x-two")).isEqualTo("2");
        }
    }

    private static void overrides(FilterSetup setup) {
        setup.override(
                        OverrideLevel.ROUTE_CONFIGURATION,
                        perRoute("{request_mutations: %s}".formatted(append("x-o", "all"))))
                .override(
                        OverrideLevel.VIRTUAL_HOST,
                        perRoute("{request_mutations: %s}".formatted(append("x-o", "host"))))
                .override(
                        OverrideLevel.ROUTE,
                        perRoute("{request_mutations: %s}".formatted(append("x-o", "route"))));
    }

    @Test
    void aLocalReplyIsChangedAsAnyResponse() {
        FilterSetup setup =
                mutations(
                                "{mutations: {response_mutations: %s}}"
                                        .formatted(append("x-c", "%RESPONSE_CODE_DETAILS%")))
                        .behind(
                                BuiltinFilter.of(
                                        "fault",
                                        "fault.v3.HTTPFault",
                                        "{abort: {http_status: 403, percentage: {numerator: 100}}}"));
        try (FilterHarness harness = setup.open()) {
            assertThat(harness.get("/").response().header("x-c")).isEqualTo("fault_filter_abort");
        }
    }

    @Test
    void nothingStaysBehindWhoeverLeaves() {
        mutations("{mutations: {response_mutations: %s}}".formatted(append("x-c", "1")))
                .everyDeparture(harness ->
                        harness.request("POST", "/")
                                .body("question")
                                .trailers("x-q", "1")
                                .respond(200)
                                .responseBody("answer")
                                .responseTrailers("x-t", "2"));
    }
}
