package dev.attache.filters.istio.stats;

import static dev.attache.filters.istio.stats.StatsLab.labels;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.stats.Gauge;
import dev.attache.testkit.filter.FilterHarness;
import org.junit.jupiter.api.Test;

/** What the Telemetry API and EnvoyFilters change of metrics. */
final class MetricOverridesTest {
    private static final String TOTAL = "istio_requests_total";
    private static final String TIME = "istio_request_duration_milliseconds";
    private static final String BYTES = "istio_request_bytes";

    private static FilterHarness open(String fields) {
        return StatsLab.filter(fields)
                .before(StatsLab.outbound().andThen(StatsLab.peer("api", false)))
                .open();
    }

    private static FilterHarness played(String fields) {
        FilterHarness harness = open(fields);
        harness.get("/a/b?c").respondEmpty(200);
        return harness;
    }

    @Test
    void whatIsOneMetricsIsNotTheOthers() {
        try (FilterHarness harness =
                played(
                        """
                        {metrics: [{name: requests_total, dimensions: {path: request.url_path},
                          tags_to_remove: [grpc_response_status, unheard_of]},
                         {tags_to_remove: [response_flags]},
                         {name: request_bytes, dimensions: {reporter: "'me'"}},
                         {name: request_duration_milliseconds, drop: true}]}
                        """)) {
            assertThat(labels(harness.store(), TOTAL))
                    .hasSize(24)
                    .containsEntry("path", "/a/b")
                    .containsEntry("reporter", "source")
                    .doesNotContainKeys("grpc_response_status", "response_flags");
            assertThat(labels(harness.store(), BYTES))
                    .hasSize(24)
                    .containsEntry("reporter", "me")
                    .containsEntry("grpc_response_status", "")
                    .doesNotContainKeys("path", "response_flags");
            assertThat(StatsLab.histograms(harness.store(), TIME)).isEmpty();
        }
    }

    @Test
    void anOverrideWithoutANameIsOfAllMetrics() {
        try (FilterHarness harness =
                played("{metrics: [{dimensions: {source_app: \"'x'\", added: \"'y'\"}}]}")) {
            for (String metric : new String[] {TOTAL, TIME, BYTES, "istio_response_bytes"}) {
                assertThat(labels(harness.store(), metric))
                        .hasSize(26)
                        .containsEntry("source_app", "x")
                        .containsEntry("added", "y");
            }
        }
    }

    @Test
    void theLaterOverrideOfALabelHolds() {
        try (FilterHarness harness =
                played(
                        """
                        {metrics: [{tags_to_remove: [source_app, source_version]},
                         {name: requests_total, dimensions: {source_app: "'back'", a: "'1'"}},
                         {dimensions: {a: "'2'"}}]}
                        """)) {
            assertThat(labels(harness.store(), TOTAL))
                    .containsEntry("source_app", "back")
                    .containsEntry("a", "2")
                    .doesNotContainKey("source_version");
            assertThat(labels(harness.store(), BYTES)).doesNotContainKey("source_app");
        }
    }

    @Test
    void expressionsSeeNodePeerRouteAndFilterState() {
        try (FilterHarness harness =
                StatsLab.filter(
                                """
                                {metrics: [{name: requests_total, dimensions: {
                                  source_app: "'_' + xds.node.metadata['LABELS'].app",
                                  source_workload: "'_' + xds.node.metadata['WORKLOAD_NAME']",
                                  destination_app: "filter_state.upstream_peer.app",
                                  kind: "filter_state['wasm.kind']",
                                  size: "string(request.size) + '|' + string(response.code)",
                                  method: "request.method == 'GET' ? 'read' : 'write'",
                                  service: "xds.cluster_metadata.filter_metadata.istio.services[0].name"}}]}
                                """)
                        .before(
                                StatsLab.outbound()
                                        .andThen(StatsLab.peer("api", false))
                                        .andThen(StatsLab.cluster("up", "{services: [{name: s1}]}"))
                                        .andThen(info ->
                                                info.filterState()
                                                        .set(
                                                                "wasm.kind",
                                                                new FilterState.Text("2xx"))))
                        .open()) {
            harness.get("/").respondEmpty(204);
            assertThat(labels(harness.store(), TOTAL))
                    .containsEntry("source_app", "_own-app")
                    .containsEntry("source_workload", "_own-v1")
                    .containsEntry("destination_app", "api-app")
                    .containsEntry("kind", "2xx")
                    .containsEntry("size", "0|204")
                    .containsEntry("method", "read")
                    .containsEntry("service", "s1");
        }
    }

    @Test
    void whatDoesNotParseTakesALabelAwayAndWhatFailsIsUnknown() {
        try (FilterHarness harness =
                played(
                        """
                        {metrics: [{dimensions: {destination_app: "cannot _ parse |",
                          added: "( not", destination_workload: "cannot_evaluate",
                          missing: "request.headers['none']"}}]}
                        """)) {
            assertThat(labels(harness.store(), TOTAL))
                    .doesNotContainKeys("destination_app", "added")
                    .containsEntry("destination_workload", "unknown")
                    .containsEntry("missing", "unknown");
        }
    }

    @Test
    void theConfigurationDefinesMetricsOfItsOwn() {
        try (FilterHarness harness =
                open(
                        """
                        {definitions: [{name: hits, value: "1"},
                          {name: codes, value: "response.code", type: GAUGE},
                          {name: sizes, value: "int(request.headers['x-size'])", type: HISTOGRAM},
                          {name: requests_total, value: "7"},
                          {name: hits, value: "100"},
                          {name: broken, value: "( not"}],
                         metrics: [{name: hits, dimensions: {reporter: "'me'", m: request.method}},
                          {name: nothing, dimensions: {x: "'1'"}},
                          {dimensions: {all: "'here'"}}]}
                        """)) {
            harness.get("/", "x-size", "300").respondEmpty(200);
            harness.get("/", "x-size", "many").respondEmpty(404);
            assertThat(StatsLab.value(harness.store(), "istio_hits")).isEqualTo(2);
            assertThat(labels(harness.store(), "istio_hits"))
                    .isEqualTo(StatsLab.map("m", "GET", "reporter", "me", "all", "here"));
            assertThat(labels(harness.store(), "istio_sizes"))
                    .isEqualTo(StatsLab.map("all", "here"));
            assertThat(StatsLab.histograms(harness.store(), "istio_sizes"))
                    .singleElement()
                    .matches(h -> h.cumulative().count() == 2 && h.cumulative().sum() == 300);
            assertThat(harness.store().gauges())
                    .filteredOn(g -> StatsLab.isOf(harness.store(), g.name(), "istio_codes"))
                    .extracting(Gauge::value)
                    .containsExactly(404L);
            assertThat(StatsLab.value(harness.store(), TOTAL)).isEqualTo(2);
            assertThat(harness.store().counters())
                    .noneMatch(counter -> counter.name().contains("istio_broken"));
        }
    }

    @Test
    void whatNoFunctionCanBeFoundForIsRefused() {
        assertThat(StatsLab.filter("{metrics: [{dimensions: {a: \"nofunction(1)\"}}]}").errors())
                .singleElement()
                .asString()
                .contains("nofunction");
    }

    @Test
    void settingsMayComeAsATypedStruct() {
        var harness =
                FilterHarness.yaml(
                                """
                                {name: istio.stats, typed_config: {"@type": type.googleapis.com/udpa.type.v1.TypedStruct,
                                  type_url: type.googleapis.com/stats.PluginConfig,
                                  value: {disable_host_header_fallback: true, reporter: SERVER_GATEWAY,
                                    metrics: [{name: requests_total, dimensions: {a: "'b'"}, tags_to_remove: [source_app]}]}}}
                                """,
                                dev.attache.filters.BuiltinExtension.all())
                        .before(StatsLab.inbound())
                        .open();
        try (harness) {
            harness.get("/").respondEmpty(200);
            assertThat(labels(harness.store(), TOTAL))
                    .containsEntry("a", "b")
                    .containsEntry("reporter", "waypoint")
                    .containsEntry("destination_service", "unknown")
                    .doesNotContainKey("source_app");
        }
    }
}
