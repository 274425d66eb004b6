package dev.attache.server;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * What dashboards ask of Istio's metrics: a metric, and the labels by which they select and group.
 *
 * <p>Kiali's stand as its sources have them (github.com/kiali/kiali at d733a096e): the metrics of
 * its pages in {@code business/metrics_definitions.go}, what they may be split by in {@code
 * models/dashboards.go}, what they are selected by in {@code business/metrics_labels_builder.go}
 * and {@code prometheus/metrics.go}; the graph's queries in {@code graph/telemetry/istio/istio.go}
 * and in {@code response_time.go}, {@code security_policy.go}, {@code throughput.go} and {@code
 * aggregate_node.go} of {@code appender} beside it. Labels that Prometheus adds when it scrapes
 * ({@code app}, {@code pod}) are not the proxy's.
 */
final class DashboardQueries {
    /** By these every edge of Kiali's graph is grouped. */
    private static final String EDGE =
            "reporter source_cluster source_workload_namespace source_workload"
                    + " source_canonical_service source_canonical_revision destination_cluster"
                    + " destination_service_namespace destination_service_name"
                    + " destination_workload_namespace destination_workload"
                    + " destination_canonical_service destination_canonical_revision";

    private static final String SERVICE = EDGE + " destination_service";

    private static final String PRINCIPALS = " source_principal destination_principal";

    private static final String SECURITY = PRINCIPALS + " connection_security_policy";

    /** What a page of Kiali selects by, and may be split by. */
    private static final String PAGE =
            SERVICE + " response_code response_flags connection_security_policy";

    private DashboardQueries() {}

    /** All of them: a metric's name and the names of labels. */
    static Stream<Arguments> all() {
        return Stream.of(istiosOfRequests(), istiosOfTcp(), kialisGraph(), kialisPages())
                .flatMap(List::stream)
                .flatMap(List::stream);
    }

    /**
     * @param labels with spaces between them
     */
    private static List<Arguments> of(String labels, String... metrics) {
        Set<String> all = new TreeSet<>(Set.of(labels.split(" ")));
        return Stream.of(metrics).map(metric -> Arguments.of(metric, all)).toList();
    }

    private static List<List<Arguments>> kialisGraph() {
        return List.of(
                of(
                        SERVICE
                                + " request_protocol response_code grpc_response_status"
                                + " response_flags",
                        "istio_requests_total"),
                of(EDGE + SECURITY, "istio_requests_total"),
                of(
                        SERVICE,
                        "istio_request_messages_total",
                        "istio_response_messages_total",
                        "istio_request_bytes_sum",
                        "istio_response_bytes_sum"),
                // Asked for connection_security_policy too, which Istio does not give to messages.
                of(
                        EDGE + PRINCIPALS,
                        "istio_request_messages_total",
                        "istio_response_messages_total"),
                of(
                        SERVICE + " response_flags",
                        "istio_tcp_sent_bytes_total",
                        "istio_tcp_received_bytes_total"),
                of(EDGE + SECURITY, "istio_tcp_sent_bytes_total", "istio_tcp_received_bytes_total"),
                of(
                        SERVICE + " request_protocol",
                        "istio_request_duration_milliseconds_sum",
                        "istio_request_duration_milliseconds_count"),
                of(
                        "le " + SERVICE + " request_protocol",
                        "istio_request_duration_milliseconds_bucket"));
    }

    private static List<List<Arguments>> kialisPages() {
        return List.of(
                of(
                        PAGE + " grpc_response_status",
                        "istio_requests_total",
                        "istio_request_duration_milliseconds_bucket",
                        "istio_request_duration_milliseconds_sum",
                        "istio_request_duration_milliseconds_count",
                        "istio_request_bytes_bucket",
                        "istio_request_bytes_sum",
                        "istio_request_bytes_count",
                        "istio_response_bytes_bucket",
                        "istio_response_bytes_sum",
                        "istio_response_bytes_count"),
                of(
                        SERVICE + " response_flags connection_security_policy",
                        "istio_tcp_sent_bytes_total",
                        "istio_tcp_received_bytes_total",
                        "istio_tcp_connections_opened_total",
                        "istio_tcp_connections_closed_total"));
    }

    /** The dashboards that come with Istio: mesh, service, workload, performance. */
    private static List<List<Arguments>> istiosOfRequests() {
        return List.of(
                of(
                        SERVICE
                                + SECURITY
                                + " request_protocol response_code grpc_response_status"
                                + " response_flags source_app source_version destination_app"
                                + " destination_version",
                        "istio_requests_total"),
                of(
                        "le "
                                + SERVICE
                                + " request_protocol response_code connection_security_policy",
                        "istio_request_duration_milliseconds_bucket"),
                of(
                        "reporter destination_workload source_workload request_protocol"
                                + " response_code",
                        "istio_request_duration_milliseconds_sum",
                        "istio_request_duration_milliseconds_count"),
                of(
                        "le reporter connection_security_policy destination_service"
                                + " destination_workload destination_workload_namespace"
                                + " source_workload source_workload_namespace",
                        "istio_request_bytes_bucket",
                        "istio_response_bytes_bucket"),
                of(
                        "reporter source_workload_namespace",
                        "istio_request_bytes_sum",
                        "istio_request_bytes_count"),
                of(
                        "reporter source_workload source_workload_namespace",
                        "istio_response_bytes_sum"),
                of("reporter source_workload", "istio_response_bytes_count"),
                of(
                        "reporter source_workload source_workload_namespace"
                                + " source_canonical_service source_cluster destination_service"
                                + " destination_service_name destination_service_namespace"
                                + " destination_workload destination_workload_namespace"
                                + " destination_canonical_service destination_cluster",
                        "istio_request_messages_total",
                        "istio_response_messages_total"));
    }

    /** The same dashboards of connections. */
    private static List<List<Arguments>> istiosOfTcp() {
        return List.of(
                of(
                        SERVICE + SECURITY + " response_flags request_protocol",
                        "istio_tcp_sent_bytes_total"),
                of(
                        "reporter connection_security_policy destination_service"
                                + " destination_service_name destination_service_namespace"
                                + " destination_workload destination_workload_namespace"
                                + " destination_cluster destination_canonical_service"
                                + " source_workload source_workload_namespace source_cluster"
                                + " source_canonical_service response_flags",
                        "istio_tcp_received_bytes_total"),
                of(
                        "reporter source_workload destination_workload destination_service_name",
                        "istio_tcp_connections_opened_total",
                        "istio_tcp_connections_closed_total"));
    }
}
