package dev.attache.filters.http.set_filter_state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.StateValue;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SetFilterStateFilterTest {
    private static final String MESSAGE = "set_filter_state.v3.Config";

    private static String fields(String entries) {
        return "{on_request_headers: [" + entries + "]}";
    }

    private static FilterSetup filter(String entries) {
        return BuiltinFilter.of("sfs", MESSAGE, fields(entries));
    }

    private static String entry(String key, String format, String more) {
        return "{object_key: %s, factory_key: envoy.string, format_string: {omit_empty_values: true,"
                        .formatted(key)
                + " text_format_source: {inline_string: \"%s\"}} %s}".formatted(format, more);
    }

    private static @Nullable String text(Exchange exchange, String key) {
        FilterState.Value value = exchange.info().filterState().get(key);
        return value == null ? null : value.serializeAsString();
    }

    @Test
    void objectsAreMadeInOrderAndSeeThoseBefore() {
        FilterSetup setup =
                filter(
                        entry("first", "%REQ(x-a)%", ", skip_if_empty: true")
                                + ","
                                + entry("first", "%REQ(x-b)%", ", skip_if_empty: true")
                                + ","
                                + entry("then", "%FILTER_STATE(first:PLAIN)%!", "")
                                + ","
                                + entry("empty", "%REQ(x-none)%", ""));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/", "x-a", "1");
            assertThat(text(exchange, "first")).isEqualTo("1");
            assertThat(text(exchange, "then")).isEqualTo("1!");
            assertThat(text(exchange, "empty")).isEmpty();
            assertThat(text(harness.get("/", "x-a", "1", "x-b", "2"), "first")).isEqualTo("2");
            assertThat(text(harness.get("/"), "first")).isNull();
        }
    }

    @Test
    void whatTheConnectionHasStays() {
        FilterSetup setup =
                filter(entry("there", "request", ""))
                        .before(info ->
                                info.downstream()
                                        .filterState()
                                        .set("there", new FilterState.Text("connection")));
        try (FilterHarness harness = setup.open()) {
            assertThat(text(harness.get("/"), "there")).isEqualTo("connection");
        }
    }

    @Test
    void objectsGoUpstreamOnceOrOn() {
        FilterSetup setup =
                filter(
                        entry("once", "1", ", shared_with_upstream: ONCE")
                                + ","
                                + entry("further", "2", ", shared_with_upstream: TRANSITIVE")
                                + ","
                                + entry("own", "3", ", read_only: true"));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.info().filterState().sharedWithUpstream())
                    .containsExactlyInAnyOrder(
                            new FilterState.Shared(
                                    "once", new FilterState.Text("1"), FilterState.Sharing.NONE),
                            new FilterState.Shared(
                                    "further",
                                    new FilterState.Text("2"),
                                    FilterState.Sharing.TRANSITIVE));
        }
    }

    @Test
    void everyLevelOfTheRouteAddsToItTheMostSpecificLast() {
        FilterSetup setup =
                filter(entry("levels", "filter", ""))
                        .override(
                                OverrideLevel.VIRTUAL_HOST,
                                BuiltinFilter.typed(
                                        MESSAGE,
                                        fields(
                                                entry(
                                                        "levels",
                                                        "%FILTER_STATE(levels:PLAIN)% host",
                                                        ""))))
                        .override(
                                OverrideLevel.ROUTE,
                                BuiltinFilter.typed(
                                        MESSAGE,
                                        fields(
                                                entry(
                                                        "levels",
                                                        "%FILTER_STATE(levels:PLAIN)% route",
                                                        ""))));
        setup.everyDeparture(harness -> harness.get("/").respond(200).responseEnd("x"));
        try (FilterHarness harness = setup.open()) {
            assertThat(text(harness.get("/"), "levels")).isEqualTo("filter host route");
        }
    }

    @Test
    void knownObjectsHaveTheirOwnKindAndOthersAreRefused() {
        String plain =
                "{object_key: %s, format_string: {text_format_source: {inline_string: \"12\"}}}";
        try (FilterHarness harness =
                filter(plain.formatted("envoy.upstream.dynamic_port")).open()) {
            assertThat(harness.get("/").info().filterState().get("envoy.upstream.dynamic_port"))
                    .isEqualTo(new StateValue.Number(12));
        }
        assertThat(filter(plain.formatted("acme.object")).errors())
                .containsExactly(
                        "on_request_headers[0].object_key: 'acme.object' does not have an object"
                                + " factory");
        assertThat(filter(plain.formatted("envoy.router.debug_config")).errors())
                .containsExactly(
                        "on_request_headers[0].object_key: 'envoy.router.debug_config' is an object"
                                + " that nothing here would read");
        assertThat(filter(entry("a", "%NOPE%", "")).errors()).isNotEmpty();
    }
}
