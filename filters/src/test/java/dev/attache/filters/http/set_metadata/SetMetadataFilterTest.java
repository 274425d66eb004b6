package dev.attache.filters.http.set_metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.metadata.TypedMetadata;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SetMetadataFilterTest {
    private static final String MESSAGE = "set_metadata.v3.Config";
    private static final String DENIED = "http.test.set_metadata.overwrite_denied";

    private static FilterSetup filter(String metadata) {
        return BuiltinFilter.of("sm", MESSAGE, "{metadata: [" + metadata + "]}");
    }

    private static MetadataValue.Struct struct(String key, MetadataValue value) {
        return new MetadataValue.Struct(Map.of(key, value));
    }

    private static MetadataValue text(String value) {
        return new MetadataValue.Text(value);
    }

    @Test
    void aNamespaceThatIsThereIsLeftAloneUnlessItMayBeOverwritten() {
        FilterSetup setup =
                filter(
                                """
                                {metadata_namespace: kept, value: {a: new}},
                                {metadata_namespace: fresh, value: {a: new}},
                                {metadata_namespace: merged, value: {a: new}, allow_overwrite: true}
                                """)
                        .before(info -> {
                            info.dynamicMetadata().merge("kept", struct("b", text("old")));
                            info.dynamicMetadata().merge("merged", struct("b", text("old")));
                        });
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.metadata("kept")).isEqualTo(struct("b", text("old")));
            assertThat(exchange.metadata("fresh", "a")).isEqualTo(text("new"));
            assertThat(exchange.metadata("merged", "a")).isEqualTo(text("new"));
            assertThat(exchange.metadata("merged", "b")).isEqualTo(text("old"));
            assertThat(harness.counter(DENIED)).isEqualTo(1);
        }
    }

    @Test
    void structsAreMergedToTheLastFieldListsAreLongerAndOthersReplaced() {
        FilterSetup setup =
                filter(
                        """
                        {metadata_namespace: own, value:
                          {in: {a: 1, deep: {x: true}}, list: [1], kind: [1], text: a}},
                        {metadata_namespace: own, allow_overwrite: true, value:
                          {in: {a: 2, deep: {z: false}}, list: [2], kind: {s: 1}, text: b}}
                        """);
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.metadata("own", "in", "a")).isEqualTo(new MetadataValue.Number(2));
            assertThat(exchange.metadata("own", "in", "deep"))
                    .isEqualTo(
                            new MetadataValue.Struct(
                                    Map.of(
                                            "x",
                                            new MetadataValue.Bool(true),
                                            "z",
                                            new MetadataValue.Bool(false))));
            assertThat(exchange.metadata("own", "list"))
                    .isEqualTo(
                            new MetadataValue.Sequence(
                                    List.of(
                                            new MetadataValue.Number(1),
                                            new MetadataValue.Number(2))));
            assertThat(exchange.metadata("own", "kind"))
                    .isEqualTo(struct("s", new MetadataValue.Number(1)));
            assertThat(exchange.metadata("own", "text")).isEqualTo(text("b"));
        }
    }

    @Test
    void messagesAreKeptBesideValues() {
        String message =
                "{metadata_namespace: own, %s typed_value: {'@type':"
                        + " type.googleapis.com/google.protobuf.StringValue, value: %s}}";
        FilterSetup setup =
                filter(
                        message.formatted("", "a")
                                + ", "
                                + message.formatted("", "b")
                                + ", {metadata_namespace: own, value: {a: 1}}");
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.info().dynamicMetadata().typed())
                    .containsExactly(
                            Map.entry(
                                    "own",
                                    new TypedMetadata(
                                            "type.googleapis.com/google.protobuf.StringValue",
                                            new byte[] {10, 1, 'a'})));
            assertThat(exchange.metadata("own", "a")).isEqualTo(new MetadataValue.Number(1));
            assertThat(harness.counter(DENIED)).isEqualTo(1);
        }
    }

    @Test
    void aRouteAddsToWhatTheFilterSays() {
        FilterSetup setup =
                filter("{metadata_namespace: own, value: {a: filter, b: filter}}")
                        .override(
                                OverrideLevel.VIRTUAL_HOST,
                                BuiltinFilter.typed(
                                        MESSAGE,
                                        "{metadata: [{metadata_namespace: host, value: {a: 1}}]}"))
                        .override(
                                OverrideLevel.ROUTE,
                                BuiltinFilter.typed(
                                        MESSAGE, "{metadata_namespace: own, value: {a: route}}"));
        setup.everyDeparture(harness -> harness.get("/").respond(200).responseEnd("x"));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.get("/");
            assertThat(exchange.metadata("own", "a")).isEqualTo(text("route"));
            assertThat(exchange.metadata("own", "b")).isEqualTo(text("filter"));
            assertThat(exchange.metadata("host")).isNull();
        }
    }
}
