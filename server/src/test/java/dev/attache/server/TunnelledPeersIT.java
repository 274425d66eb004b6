package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.Ports;
import dev.attache.server.flags.ServerOptions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Two proxies with a tunnel between them, as a waypoint and the proxy of a workload: each learns of
 * the other by the baggage of the tunnel's request and of its answer, and names it in Istio's
 * metrics. The first test is Istio's own (istio/proxy, {@code test/envoye2e/stats_plugin},
 * TestStatsWithBaggageWaypointProxy).
 */
final class TunnelledPeersIT {
    private static AttacheServer originating;
    private static AttacheServer terminating;
    private static int http;
    private static int tcp;

    @BeforeAll
    static void start() throws Exception {
        int hbone = Ports.free();
        http = Ports.free();
        tcp = Ports.free();
        terminating = start(TunnelEnds.terminating(hbone));
        originating = start(TunnelEnds.originating(http, tcp, hbone));
    }

    private static AttacheServer start(String yaml) throws Exception {
        return AttacheServer.start(ServerOptions.builder().configYaml(yaml).concurrency(1).build());
    }

    @AfterAll
    static void stop() {
        for (AttacheServer each : new AttacheServer[] {originating, terminating}) {
            if (each != null) {
                each.close();
            }
        }
    }

    @Test
    void aWaypointNamesWhoAsksAndWhoAnswers() throws Exception {
        String baggage =
                "k8s.deployment.name=curl,service.name=curl,service.version=v1,k8s.namespace.name=default,"
                        + "k8s.cluster.name=curl-cluster,k8s.instance.name=curl-x";
        String request =
                "GET / HTTP/1.1\r\nhost: a\r\nbaggage: "
                        + baggage
                        + "\r\nconnection: close\r\n\r\n";
        assertThat(TcpExchange.once(http, request, 4096))
                .startsWith("HTTP/1.1 200")
                .endsWith("hello");
        assertThat(MetricSample.only(originating, "istio_requests_total").labels())
                .containsEntry("reporter", "waypoint")
                .containsEntry("source_workload", "curl")
                .containsEntry("source_canonical_revision", "v1")
                .containsEntry("source_workload_namespace", "default")
                .containsEntry("source_cluster", "curl-cluster")
                .containsEntry("destination_workload", "api-v1")
                .containsEntry("destination_workload_namespace", "stock")
                .containsEntry("destination_canonical_service", "api")
                .containsEntry("destination_app", "api")
                .containsEntry("destination_cluster", "Kubernetes");
        assertThat(MetricSample.only(terminating, "istio_requests_total").labels())
                .containsEntry("reporter", "destination")
                .containsEntry("source_workload", "web-v1")
                .containsEntry("source_workload_namespace", "shop")
                .containsEntry("source_canonical_service", "web")
                .containsEntry("destination_workload", "api-v1");
    }

    @Test
    void bothSidesOfATunnelledConnectionNameTheOther() throws Exception {
        assertThat(TcpExchange.once(tcp, "twelve bytes", 12)).isEqualTo("twelve bytes");
        for (String metric :
                List.of(
                        "istio_tcp_connections_opened_total",
                        "istio_tcp_connections_closed_total")) {
            assertThat(MetricSample.only(originating, metric).labels())
                    .containsEntry("reporter", "source")
                    .containsEntry("source_workload", "web-v1")
                    .containsEntry("destination_workload", "api-v1")
                    .containsEntry("destination_workload_namespace", "stock")
                    .containsEntry("destination_canonical_service", "api");
            assertThat(MetricSample.only(terminating, metric).labels())
                    .containsEntry("reporter", "destination")
                    .containsEntry("source_workload", "web-v1")
                    .containsEntry("source_workload_namespace", "shop")
                    .containsEntry("destination_workload", "api-v1");
        }
    }
}
