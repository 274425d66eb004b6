package dev.attache.filters.http.json_to_metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.BuiltinFilter;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.testkit.filter.Exchange;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import dev.attache.testkit.filter.OverrideLevel;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JsonToMetadataFilterTest {
    private static final String MESSAGE = "json_to_metadata.v3.JsonToMetadata";
    private static final String NAMESPACE = "envoy.filters.http.json_to_metadata";
    private static final String JSON = "application/json";

    private static FilterSetup filter(String fields) {
        return BuiltinFilter.of("j2m", MESSAGE, fields);
    }

    private static FilterSetup request(String rules) {
        return filter("{request_rules: {rules: [" + rules + "]}}");
    }

    private static MetadataValue text(String value) {
        return new MetadataValue.Text(value);
    }

    private static MetadataValue found(String body, String type) {
        FilterSetup setup =
                request(
                        "{selectors: [{key: a}], on_present: {key: k, type: %s}, on_missing: {key: k,"
                                        .formatted(type)
                                + " value: missing}, on_error: {key: k, value: error}}");
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.post("/", body, "content-type", JSON);
            assertThat(exchange.forwarded().body()).isEqualTo(body);
            MetadataValue value = exchange.metadata(NAMESPACE, "k");
            return value == null ? text("none") : value;
        }
    }

    @Test
    void valuesOfEveryKindAsTheyAreAsTextAndAsNumbers() {
        assertThat(found("{\"a\":true}", "PROTOBUF_VALUE")).isEqualTo(new MetadataValue.Bool(true));
        assertThat(found("{\"a\":-3}", "PROTOBUF_VALUE")).isEqualTo(new MetadataValue.Number(-3));
        assertThat(found("{\"a\":\"\"}", "PROTOBUF_VALUE")).isEqualTo(text(""));
        assertThat(found("{\"a\":null}", "PROTOBUF_VALUE")).isEqualTo(text("missing"));
        assertThat(found("{\"a\":{\"b\":1}}", "PROTOBUF_VALUE")).isEqualTo(text("missing"));
        assertThat(found("{\"a\":true}", "STRING")).isEqualTo(text("1"));
        assertThat(found("{\"a\":7}", "STRING")).isEqualTo(text("7"));
        assertThat(found("{\"a\":1.5}", "STRING")).isEqualTo(text("1.500000"));
        assertThat(found("{\"a\":1e22}", "STRING"))
                .isEqualTo(text("10000000000000000000000.000000"));
        assertThat(found("{\"a\":\"\"}", "STRING")).isEqualTo(text("none"));
        assertThat(found("{\"a\":\" 12 \"}", "NUMBER")).isEqualTo(new MetadataValue.Number(12));
        assertThat(found("{\"a\":false}", "NUMBER")).isEqualTo(new MetadataValue.Number(0));
        assertThat(found("{\"a\":\"x\"}", "NUMBER")).isEqualTo(text("missing"));
        assertThat(found("{\"a\":\"" + "x".repeat(8193) + "\"}", "STRING"))
                .isEqualTo(text("missing"));
    }

    @Test
    void whatIsNoObjectAndWhatIsNoJson() {
        for (String body : new String[] {"12", "\"a\"", "null", "[{\"a\":1}]", "{}"}) {
            assertThat(found(body, "STRING")).as(body).isEqualTo(text("missing"));
        }
        for (String body :
                new String[] {
                    "{",
                    "{\"a\":1,}",
                    "{a:1}",
                    "{\"a\":01}",
                    "{\"a\":1}}",
                    "tru",
                    "{\"a\":18446744073709551615}",
                    "{\"a\":1e999}",
                    "{\"a\":\"\\ud800\"}",
                    "{\"a\":\"\n\"}",
                    "[".repeat(1001) + "]".repeat(1001)
                }) {
            assertThat(found(body, "STRING")).as(body).isEqualTo(text("error"));
        }
    }

    @Test
    void bodiesMayComeHoweverTheyAreCut() {
        FilterSetup setup =
                filter(
                        """
                        {request_rules: {rules: [{selectors: [{key: o}, {key: p}], on_present: {key: req}}]},
                         response_rules: {rules: [{selectors: [{key: a}], on_present: {key: resp}}]}}
                        """);
        String outcome =
                setup.everyCut(harness -> {
                    Exchange exchange =
                            harness.post(
                                    "/", "{\"o\":{\"p\":\"q\u00c3\u00a9\"}}", "content-type", JSON);
                    exchange.respond(200, "content-type", JSON).responseEnd("{\"a\":\"r\"}");
                    assertThat(exchange.metadata(NAMESPACE, "req")).isEqualTo(text("q\u00e9"));
                    assertThat(exchange.metadata(NAMESPACE, "resp")).isEqualTo(text("r"));
                    return harness.outcome();
                });
        assertThat(outcome)
                .contains("json_to_metadata.rq.success: 1", "json_to_metadata.resp.success: 1");
    }

    @Test
    void messagesWithoutABodyOfThatType() {
        FilterSetup setup =
                request(
                        "{selectors: [{key: a}], on_missing: {key: k, value: missing}, on_error: {key:"
                                + " k, value: error}}");
        try (FilterHarness harness = setup.open()) {
            Exchange bodiless = harness.get("/", "content-type", JSON);
            assertThat(bodiless.metadata(NAMESPACE, "k")).isEqualTo(text("missing"));
            Exchange trailers = harness.request("POST", "/", "content-type", JSON);
            trailers.trailers("x-t", "1");
            assertThat(trailers.metadata(NAMESPACE, "k")).isEqualTo(text("missing"));
            Exchange other = harness.request("POST", "/", "content-type", "text/plain");
            assertThat(other.metadata(NAMESPACE, "k")).isEqualTo(text("error"));
            assertThat(other.forwarded().began()).as("nothing is waited for").isTrue();
            assertThat(harness.counter("json_to_metadata.rq.no_body")).isEqualTo(2);
            assertThat(harness.counter("json_to_metadata.rq.mismatched_content_type")).isEqualTo(1);
        }
        setup.everyDeparture(harness -> {
            Exchange exchange = harness.request("POST", "/", "content-type", JSON).body("{\"a\"");
            exchange.end(":1}").respond(200).responseEnd("x");
        });
    }

    @Test
    void whatWasThereIsPreservedAndARouteReplacesTheRules() {
        FilterSetup setup =
                request(
                                "{selectors: [{key: a}], on_present: {metadata_namespace: own, key: k,"
                                        + " preserve_existing_metadata_value: true}}")
                        .before(info ->
                                info.dynamicMetadata()
                                        .merge(
                                                "own",
                                                new MetadataValue.Struct(
                                                        Map.of("k", text("old")))));
        try (FilterHarness harness = setup.open()) {
            Exchange exchange = harness.post("/", "{\"a\":\"new\"}", "content-type", JSON);
            assertThat(exchange.metadata("own", "k")).isEqualTo(text("old"));
        }
        setup.override(
                OverrideLevel.ROUTE,
                BuiltinFilter.typed(
                        MESSAGE,
                        "{request_rules: {allow_content_types_regex: {regex: 'text/.*'},"
                                + " allow_empty_content_type: true, rules: [{selectors: [{key: a}],"
                                + " on_present: {metadata_namespace: own, key: k}}]}}"));
        try (FilterHarness harness = setup.open()) {
            Exchange typed = harness.post("/", "{\"a\":1}", "content-type", "text/json");
            assertThat(typed.metadata("own", "k")).isEqualTo(new MetadataValue.Number(1));
            Exchange untyped = harness.post("/", "{\"a\":2}");
            assertThat(untyped.metadata("own", "k")).isEqualTo(new MetadataValue.Number(2));
        }
    }

    @Test
    void rulesThatSayNothingAreRefused() {
        assertThat(request("{selectors: [{key: a}]}").errors())
                .containsExactly(
                        "request_rules.rules[0]: json to metadata filter: neither `on_present` nor"
                                + " `on_missing` set");
        assertThat(request("{selectors: [{key: a}], on_missing: {key: k}}").errors())
                .containsExactly(
                        "request_rules.rules[0]: json to metadata filter: cannot specify on_missing"
                                + " rule with empty value");
        assertThat(
                        request("{selectors: [{key: a}], on_present: {key: k}, on_error: {key: k}}")
                                .errors())
                .containsExactly(
                        "request_rules.rules[0]: json to metadata filter: cannot specify on_error"
                                + " rule with empty value");
        assertThat(
                        filter("{}")
                                .override(OverrideLevel.ROUTE, BuiltinFilter.typed(MESSAGE, "{}"))
                                .errors())
                .containsExactly(
                        "json_to_metadata_filter: Per route configs must at least specify one of"
                                + " request_rules or response_rules.");
    }
}
