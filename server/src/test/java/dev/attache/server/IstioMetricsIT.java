package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two sidecars with Istio's stock filters and mutual TLS between them: what the one that calls and
 * the one that is called tell Prometheus, and what dashboards ask of both.
 */
final class IstioMetricsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static EchoService application;
    private static IstioSidecars sidecars;
    private static List<MetricSample> ofCalled = List.of();
    private static List<MetricSample> ofCalling = List.of();

    @BeforeAll
    static void play() throws Exception {
        application = new EchoService();
        sidecars = new IstioSidecars(application.port());
        try (EchoService.Client client = new EchoService.Client(sidecars.outbound())) {
            assertThat(client.unary("hello")).isEqualTo("hello");
        }
        try (Http1Session session = new Http1Session(sidecars.outbound())) {
            assertThat(session.get("/missing").status()).isEqualTo(415);
        }
        try (TcpExchange exchange = new TcpExchange(sidecars.outboundTcp())) {
            assertThat(exchange.say("twelve bytes", 12)).hasSize(12);
            // While it is open: the peers are known.
            awaitSent(sidecars.called());
            awaitSent(sidecars.calling());
        }
        ofCalled = MetricSample.of(sidecars.called(), IstioMetricsIT::settled);
        ofCalling = MetricSample.of(sidecars.calling(), IstioMetricsIT::settled);
    }

    private static void awaitSent(AttacheServer server) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (server.stats().counters().stream()
                .noneMatch(counter ->
                        counter.name().startsWith("istiocustom.istio_tcp_sent_bytes_total.")
                                && counter.value() == 12)) {
            assertThat(System.nanoTime()).as("not reported while it is open").isLessThan(end);
            Thread.sleep(5);
        }
    }

    /** The last connection is counted. */
    private static boolean settled(List<MetricSample> samples) {
        return MetricSample.count(samples, "istio_tcp_connections_closed_total") == 1
                && MetricSample.count(samples, "istio_requests_total") == 2;
    }

    @AfterAll
    static void stop() {
        if (sidecars != null) {
            sidecars.close();
        }
        if (application != null) {
            application.close();
        }
    }

    private static MetricSample only(List<MetricSample> samples, String name, String protocol) {
        return MetricSample.only(
                samples.stream()
                        .filter(each -> protocol.equals(each.labels().get("request_protocol")))
                        .toList(),
                name);
    }

    private static void knowsBothEnds(MetricSample sample, String reporter, String security) {
        assertThat(sample.labels())
                .containsEntry("reporter", reporter)
                .containsEntry("source_workload", "web-v1")
                .containsEntry("source_canonical_service", "web")
                .containsEntry("source_canonical_revision", "v1")
                .containsEntry("source_workload_namespace", "shop")
                .containsEntry("source_principal", MeshTls.WEB)
                .containsEntry("source_app", "web")
                .containsEntry("source_version", "v1")
                .containsEntry("source_cluster", "Kubernetes")
                .containsEntry("destination_workload", "api-v1")
                .containsEntry("destination_workload_namespace", "stock")
                .containsEntry("destination_principal", MeshTls.API)
                .containsEntry("destination_app", "api")
                .containsEntry("destination_version", "v1")
                .containsEntry("destination_service", "api.stock.svc.cluster.local")
                .containsEntry("destination_canonical_service", "api")
                .containsEntry("destination_canonical_revision", "v1")
                .containsEntry("destination_service_name", "api")
                .containsEntry("destination_service_namespace", "stock")
                .containsEntry("destination_cluster", "Kubernetes")
                .containsEntry("response_flags", "-")
                .containsEntry("connection_security_policy", security);
    }

    @Test
    void bothSidesTellTheSameOfARequest() {
        for (String protocol : List.of("grpc", "http")) {
            MetricSample source = only(ofCalling, "istio_requests_total", protocol);
            MetricSample destination = only(ofCalled, "istio_requests_total", protocol);
            knowsBothEnds(source, "source", "unknown");
            knowsBothEnds(destination, "destination", "mutual_tls");
            assertThat(source.value()).isEqualTo("1");
            assertThat(destination.value()).isEqualTo("1");
            boolean grpc = protocol.equals("grpc");
            assertThat(source.labels())
                    .hasSize(25)
                    .containsEntry("response_code", grpc ? "200" : "415")
                    .containsEntry("grpc_response_status", grpc ? "0" : "");
        }
        for (List<MetricSample> side : List.of(ofCalling, ofCalled)) {
            assertThat(side)
                    .filteredOn(sample -> sample.name().endsWith("_messages_total"))
                    .filteredOn(sample -> sample.name().startsWith("istio_"))
                    .hasSize(2)
                    .allMatch(sample -> sample.value().equals("1"))
                    .allMatch(sample -> sample.labels().size() == 20);
        }
    }

    @Test
    void bothSidesTellTheSameOfAConnection() {
        for (String metric :
                List.of(
                        "istio_tcp_connections_opened_total",
                        "istio_tcp_connections_closed_total",
                        "istio_tcp_sent_bytes_total",
                        "istio_tcp_received_bytes_total")) {
            MetricSample source = only(ofCalling, metric, "tcp");
            MetricSample destination = only(ofCalled, metric, "tcp");
            knowsBothEnds(source, "source", "unknown");
            knowsBothEnds(destination, "destination", "mutual_tls");
            String value = metric.contains("bytes") ? "12" : "1";
            assertThat(source.value()).isEqualTo(value);
            assertThat(destination.value()).isEqualTo(value);
            assertThat(source.labels()).hasSize(23);
        }
    }

    @Test
    void theBuildIsTold() {
        assertThat(ofCalled)
                .filteredOn(sample -> sample.name().equals("istio_build"))
                .containsExactly(
                        new MetricSample(
                                "istio_build", Map.of("component", "proxy", "tag", "1.31.0"), "1"));
    }

    /** Dashboards select and group by labels that are there. */
    @ParameterizedTest
    @MethodSource("dev.attache.server.DashboardQueries#all")
    void dashboardsFindWhatTheyAskFor(String metric, Set<String> labels) {
        for (List<MetricSample> side : List.of(ofCalling, ofCalled)) {
            assertThat(side)
                    .filteredOn(sample -> sample.name().equals(metric))
                    .isNotEmpty()
                    .allSatisfy(sample -> assertThat(sample.labels().keySet()).containsAll(labels));
        }
    }
}
