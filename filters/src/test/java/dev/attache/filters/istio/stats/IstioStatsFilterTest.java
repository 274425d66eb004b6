package dev.attache.filters.istio.stats;

import static dev.attache.filters.istio.stats.StatsLab.labels;
import static dev.attache.filters.istio.stats.StatsLab.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.StateValue;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.testkit.filter.FilterHarness;
import dev.attache.testkit.filter.FilterSetup;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every label of requests, from each side that reports. */
final class IstioStatsFilterTest {
    private static final String[] OF_REQUESTS = {
        "istio_requests_total",
        "istio_request_duration_milliseconds",
        "istio_request_bytes",
        "istio_response_bytes"
    };

    private static final String[] OWN_SOURCE = {
        "source_workload", "own-v1",
        "source_canonical_service", "own",
        "source_canonical_revision", "r7",
        "source_workload_namespace", "home",
        "source_principal", "unknown",
        "source_app", "own-app",
        "source_version", "v7",
        "source_cluster", "own-cluster"
    };

    private static Map<String, String> reported(Consumer<StreamInfo> known, String fields) {
        FilterSetup setup = StatsLab.filter(fields).before(known);
        try (FilterHarness harness = setup.open()) {
            harness.get("/", ":authority", "api.stock.svc:80").respondEmpty(200);
            Map<String, String> labels = labels(harness.store(), OF_REQUESTS[0]);
            for (String metric : OF_REQUESTS) {
                assertThat(labels(harness.store(), metric)).isEqualTo(labels);
            }
            assertThat(StatsLab.value(harness.store(), OF_REQUESTS[0])).isEqualTo(1);
            return labels;
        }
    }

    private static String[] with(String[] first, String... rest) {
        String[] all = java.util.Arrays.copyOf(first, first.length + rest.length);
        System.arraycopy(rest, 0, all, first.length, rest.length);
        return all;
    }

    @Test
    void theSideThatIsCalledKnowsItselfAndItsPeer() {
        Map<String, String> labels =
                reported(
                        StatsLab.inbound()
                                .andThen(StatsLab.peer("web", true))
                                .andThen(StatsLab.peer("other", false))
                                .andThen(
                                        StatsLab.cluster(
                                                "inbound|80||",
                                                "{services: [{host: own.home.svc.cluster.local,"
                                                        + " name: own-service, namespace: x}]}")),
                        "{}");
        assertThat(labels)
                .containsExactlyEntriesOf(
                        map(
                                "reporter", "destination",
                                "source_workload", "web-v2",
                                "source_canonical_service", "web",
                                "source_canonical_revision", "web-r2",
                                "source_workload_namespace", "web-ns",
                                "source_principal", "unknown",
                                "source_app", "web-app",
                                "source_version", "web-2",
                                "source_cluster", "web-cluster",
                                "destination_workload", "own-v1",
                                "destination_workload_namespace", "home",
                                "destination_principal", "unknown",
                                "destination_app", "own-app",
                                "destination_version", "v7",
                                "destination_service", "own.home.svc.cluster.local",
                                "destination_canonical_service", "own",
                                "destination_canonical_revision", "r7",
                                "destination_service_name", "own-service",
                                "destination_service_namespace", "home",
                                "destination_cluster", "own-cluster",
                                "request_protocol", "http",
                                "response_code", "200",
                                "grpc_response_status", "",
                                "response_flags", "-",
                                "connection_security_policy", "none"));
    }

    @Test
    void theSideThatCallsKnowsItselfAndWhomMetadataExchangeNamed() {
        Map<String, String> labels =
                reported(
                        StatsLab.outbound()
                                .andThen(StatsLab.peer("api", false))
                                .andThen(StatsLab.peer("other", true))
                                .andThen(
                                        StatsLab.cluster(
                                                "outbound|80||api",
                                                "{services: [{host: api.stock.svc.cluster.local,"
                                                        + " name: api, namespace: stock}]}")),
                        "{}");
        assertThat(labels)
                .containsExactlyEntriesOf(
                        map(
                                with(
                                        with(new String[] {"reporter", "source"}, OWN_SOURCE),
                                        "destination_workload",
                                        "api-v2",
                                        "destination_workload_namespace",
                                        "api",
                                        "destination_principal",
                                        "spiffe://told/ns/api/sa/api",
                                        "destination_app",
                                        "api-app",
                                        "destination_version",
                                        "api-2",
                                        "destination_service",
                                        "api.stock.svc.cluster.local",
                                        "destination_canonical_service",
                                        "api",
                                        "destination_canonical_revision",
                                        "api-r2",
                                        "destination_service_name",
                                        "api",
                                        "destination_service_namespace",
                                        "stock",
                                        "destination_cluster",
                                        "api-cluster",
                                        "request_protocol",
                                        "http",
                                        "response_code",
                                        "200",
                                        "grpc_response_status",
                                        "",
                                        "response_flags",
                                        "-",
                                        "connection_security_policy",
                                        "unknown")));
    }

    @Test
    void withoutAnExchangeTheMetadataOfTheEndpointNamesThePeer() {
        Map<String, String> labels =
                reported(
                        StatsLab.outbound()
                                .andThen(StatsLab.endpoint("api-v9;stock;api;r9;far-cluster")),
                        "{disable_host_header_fallback: true}");
        assertThat(labels)
                .containsAllEntriesOf(
                        map(
                                "destination_workload", "api-v9",
                                "destination_workload_namespace", "stock",
                                "destination_principal", "unknown",
                                "destination_app", "unknown",
                                "destination_version", "unknown",
                                "destination_service", "unknown",
                                "destination_canonical_service", "api",
                                "destination_canonical_revision", "r9",
                                "destination_service_name", "unknown",
                                "destination_service_namespace", "stock",
                                "destination_cluster", "far-cluster"));
    }

    @Test
    void whereNothingIsKnownEveryLabelIsThereAllTheSame() {
        assertThat(reported(StatsLab.outbound(), "{disable_host_header_fallback: true}"))
                .containsAllEntriesOf(
                        map(
                                "destination_workload", "unknown",
                                "destination_workload_namespace", "unknown",
                                "destination_canonical_revision", "latest",
                                "destination_service_namespace", "unknown",
                                "destination_cluster", "unknown"))
                .hasSize(25);
        assertThat(reported(StatsLab.inbound(), "{disable_host_header_fallback: true}"))
                .containsAllEntriesOf(
                        map(
                                "source_workload", "unknown",
                                "source_canonical_service", "unknown",
                                "source_canonical_revision", "latest",
                                "source_workload_namespace", "unknown",
                                "source_app", "unknown",
                                "source_version", "unknown",
                                "source_cluster", "unknown",
                                "destination_service", "own",
                                "destination_service_name", "own"))
                .hasSize(25);
    }

    @Test
    void aListenerWithoutADirectionCallsAsAGatewayDoes() {
        assertThat(reported(info -> {}, "{}")).containsEntry("reporter", "source");
    }

    @Test
    void aWaypointKnowsBothPeers() {
        Map<String, String> labels =
                reported(
                        StatsLab.inbound()
                                .andThen(StatsLab.peer("web", true))
                                .andThen(StatsLab.peer("api", false))
                                .andThen(
                                        StatsLab.cluster(
                                                "inbound-vip|80|http|api",
                                                "{services: [{host: api.stock.svc,"
                                                        + " namespace: stock}]}")),
                        "{reporter: SERVER_GATEWAY}");
        assertThat(labels)
                .containsAllEntriesOf(
                        map(
                                "reporter", "waypoint",
                                "source_workload", "web-v2",
                                "source_workload_namespace", "web-ns",
                                "destination_workload", "api-v2",
                                "destination_workload_namespace", "api-ns",
                                "destination_principal", "spiffe://told/ns/api/sa/api",
                                "destination_app", "api-app",
                                "destination_version", "api-2",
                                "destination_service", "api.stock.svc",
                                "destination_canonical_service", "api",
                                "destination_canonical_revision", "api-r2",
                                "destination_service_name", "api",
                                "destination_service_namespace", "stock",
                                "destination_cluster", "api-cluster"))
                .hasSize(25);
        assertThat(reported(StatsLab.inbound(), "{reporter: SERVER_GATEWAY}"))
                .containsAllEntriesOf(
                        map(
                                "destination_workload", "unknown",
                                "destination_workload_namespace", "unknown",
                                "destination_principal", "unknown",
                                "destination_canonical_revision", "unknown",
                                "destination_service_namespace", "unknown",
                                "destination_service", "api.stock.svc:80"));
    }

    @Test
    void principalsAreThoseOfTheCertificates() {
        FilterSetup inbound =
                StatsLab.filter("{}")
                        .tls(StatsLab.handshake(StatsLab.SERVER_ID, StatsLab.CLIENT_ID))
                        .before(StatsLab.inbound().andThen(StatsLab.peer("web", true)));
        try (FilterHarness harness = inbound.open()) {
            harness.get("/").respondEmpty(200);
            assertThat(labels(harness.store(), "istio_requests_total"))
                    .containsAllEntriesOf(
                            map(
                                    "source_principal",
                                    StatsLab.CLIENT_ID,
                                    "source_workload_namespace",
                                    "shop",
                                    "destination_principal",
                                    StatsLab.SERVER_ID,
                                    "connection_security_policy",
                                    "mutual_tls"));
        }
        assertThat(
                        reported(
                                StatsLab.outbound()
                                        .andThen(info ->
                                                info.upstreamForWriting().tls =
                                                        StatsLab.handshake(
                                                                StatsLab.CLIENT_ID,
                                                                StatsLab.SERVER_ID)),
                                "{}"))
                .containsAllEntriesOf(
                        map(
                                "source_principal", StatsLab.CLIENT_ID,
                                "destination_principal", StatsLab.SERVER_ID,
                                "destination_workload_namespace", "stock",
                                "destination_service_namespace", "stock",
                                "connection_security_policy", "unknown"));
    }

    @Test
    void principalsThatCameThroughATunnelAreThoseOfItsEnds() {
        Consumer<StreamInfo> tunnel =
                info -> {
                    FilterState state = info.filterState();
                    state.set(
                            "io.istio.peer_principal",
                            new StateValue.HashableText(StatsLab.CLIENT_ID));
                    state.set("io.istio.local_principal", new FilterState.Text(StatsLab.SERVER_ID));
                };
        assertThat(reported(StatsLab.inbound().andThen(tunnel), "{reporter: SERVER_GATEWAY}"))
                .containsAllEntriesOf(
                        map(
                                "source_principal", StatsLab.CLIENT_ID,
                                "source_workload_namespace", "shop",
                                "destination_principal", "unknown",
                                "connection_security_policy", "mutual_tls"));
    }

    @ParameterizedTest
    @CsvSource({
        "block_all, up, BlackHoleCluster",
        "allow_any, up, PassthroughCluster",
        "'', BlackHoleCluster, BlackHoleCluster",
        "'', PassthroughCluster, PassthroughCluster",
        "'', InboundPassthroughCluster, InboundPassthroughCluster",
        "'', InboundPassthroughClusterIpv4, InboundPassthroughClusterIpv4",
        "'', InboundPassthroughClusterIpv6, InboundPassthroughClusterIpv6"
    })
    void whatIsNoServiceHasTheNameOfWhereItGoes(String route, String cluster, String name) {
        Consumer<StreamInfo> known =
                StatsLab.cluster(cluster, "{services: [{host: a.b, name: a}]}")
                        .andThen(info -> info.routeName = route);
        assertThat(reported(StatsLab.outbound().andThen(known), "{}"))
                .containsAllEntriesOf(
                        map(
                                "destination_service",
                                "api.stock.svc:80",
                                "destination_service_name",
                                name));
    }

    @Test
    void whatWasAnsweredByWhomIsTold() {
        Consumer<StreamInfo> flagged = info -> info.flag(ResponseFlag.UH);
        try (FilterHarness harness =
                StatsLab.filter("{}").before(StatsLab.outbound().andThen(flagged)).open()) {
            harness.get("/").respondEmpty(503);
            assertThat(labels(harness.store(), "istio_requests_total"))
                    .containsEntry("response_code", "503")
                    .containsEntry("response_flags", "UH");
        }
        try (FilterHarness harness = StatsLab.filter("{}").before(StatsLab.outbound()).open()) {
            harness.get("/").clientLeaves();
            assertThat(labels(harness.store(), "istio_requests_total"))
                    .containsEntry("response_code", "0")
                    .containsEntry("response_flags", "DR");
        }
    }

    @Test
    void sizesAndTimesAreMeasured() {
        try (FilterHarness harness = StatsLab.filter("{}").before(StatsLab.outbound()).open()) {
            var exchange = harness.post("/", "four");
            harness.advance(250);
            exchange.respond(200).responseEnd("12345678");
            assertThat(StatsLab.histograms(harness.store(), OF_REQUESTS[1]))
                    .singleElement()
                    .matches(h -> h.cumulative().sum() >= 250 && h.cumulative().count() == 1);
            assertThat(StatsLab.histograms(harness.store(), OF_REQUESTS[2]))
                    .singleElement()
                    .matches(h ->
                            h.cumulative().sum() == exchange.info().downstreamWireBytesReceived);
            assertThat(StatsLab.histograms(harness.store(), OF_REQUESTS[3]))
                    .singleElement()
                    .matches(h -> h.cumulative().sum() == exchange.info().downstreamWireBytesSent);
        }
    }

    @Test
    void theBuildIsToldAsLongAsThereIsAFilter() {
        try (FilterHarness harness = StatsLab.filter("{}").open()) {
            assertThat(harness.gauge("istiocustom.istio_build.component.proxy.tag.1.31.0"))
                    .isEqualTo(1);
            assertThat(labels(harness.store(), "istio_build"))
                    .isEqualTo(map("component", "proxy", "tag", "1.31.0"));
            harness.store().evictUnused();
            harness.store().evictUnused();
            assertThat(labels(harness.store(), "istio_build")).hasSize(2);
        }
    }

    @Test
    void nothingStaysBehindWhoeverLeaves() {
        StatsLab.filter("{tcp_reporting_duration: 1s}")
                .before(StatsLab.inbound())
                .everyDeparture(harness ->
                        harness.post("/", "a", "content-type", "application/grpc")
                                .respond(200, "content-type", "application/grpc")
                                .responseBody("b")
                                .responseTrailers("grpc-status", "0"));
    }

    @Test
    void whatNobodyUsesAnyMoreIsEvictedAndComesBackAtZero() {
        try (FilterHarness harness = StatsLab.filter("{}").before(StatsLab.outbound()).open()) {
            harness.get("/a").respondEmpty(200);
            harness.get("/a").respondEmpty(200);
            assertThat(StatsLab.value(harness.store(), OF_REQUESTS[0])).isEqualTo(2);
            harness.store().evictUnused();
            harness.store().evictUnused();
            assertThat(harness.store().counters())
                    .noneMatch(counter -> counter.name().startsWith("istiocustom."));
            assertThat(StatsLab.histograms(harness.store(), OF_REQUESTS[1])).isEmpty();
            harness.get("/a").respondEmpty(200);
            assertThat(StatsLab.value(harness.store(), OF_REQUESTS[0])).isEqualTo(1);
        }
    }
}
