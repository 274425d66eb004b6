package dev.attache.server;

import java.util.ArrayList;
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

    private static final String PRINCIPALS = " source_principal destination_principal";

    private static final String SECURITY = PRINCIPALS + " connection_security_policy";

    /** What a page of Kiali selects by, and may be split by. */
    private static final String PAGE =
            EDGE + " destination_service response_code response_flags connection_security_policy";

    private DashboardQueries() {}

    /** All of them: a metric's name and the names of labels. */
    static Stream<Arguments> all() {
        return Stream.of(istios(), kialisGraph(), kialisPages()).flatMap(List::stream);
    }

    private static Arguments of(String metric, String labels) {
        return Arguments.of(metric, new TreeSet<>(Set.of(labels.split(" "))));
    }

    private static List<Arguments> kialisGraph() {
        String service = EDGE + " destination_service";
        List<Arguments> all = new ArrayList<>();
        String status = " request_protocol response_code grpc_response_status response_flags";
        all.add(of("istio_requests_total", service + status));
        for (String metric :
                List.of("istio_request_messages_total", "istio_response_messages_total")) {
            all.add(of(metric, service));
            // Asked for connection_security_policy too, which Istio does not give to messages.
            all.add(of(metric, EDGE + PRINCIPALS));
        }
        for (String metric :
                List.of("istio_tcp_sent_bytes_total", "istio_tcp_received_bytes_total")) {
            all.add(of(metric, service + " response_flags"));
            all.add(of(metric, EDGE + SECURITY));
        }
        all.add(of("istio_requests_total", EDGE + SECURITY));
        for (String part : List.of("_sum", "_count")) {
            all.add(
                    of(
                            "istio_request_duration_milliseconds" + part,
                            service + " request_protocol"));
        }
        all.add(
                of(
                        "istio_request_duration_milliseconds_bucket",
                        "le " + service + " request_protocol"));
        all.add(of("istio_request_bytes_sum", service));
        all.add(of("istio_response_bytes_sum", service));
        return all;
    }

    private static List<Arguments> kialisPages() {
        List<Arguments> all = new ArrayList<>();
        all.add(of("istio_requests_total", PAGE + " grpc_response_status"));
        for (String histogram :
                List.of(
                        "istio_request_duration_milliseconds",
                        "istio_request_bytes",
                        "istio_response_bytes")) {
            for (String part : List.of("_bucket", "_sum", "_count")) {
                all.add(of(histogram + part, PAGE + " grpc_response_status"));
            }
        }
        for (String metric :
                List.of(
                        "istio_tcp_sent_bytes_total",
                        "istio_tcp_received_bytes_total",
                        "istio_tcp_connections_opened_total",
                        "istio_tcp_connections_closed_total")) {
            all.add(
                    of(
                            metric,
                            EDGE
                                    + " destination_service response_flags connection_security_policy"));
        }
        return all;
    }

    /** The dashboards that come with Istio: mesh, service, workload, performance. */
    private static List<Arguments> istios() {
        return List.of(
                of(
                        "istio_requests_total",
                        "reporter response_code destination_service "
                                + "destination_service_name destination_service_namespace "
                                + "destination_workload destination_workload_namespace "
                                + "destination_cluster destination_canonical_service "
                                + "destination_canonical_revision destination_principal "
                                + "source_workload source_workload_namespace source_cluster "
                                + "source_canonical_service source_canonical_revision "
                                + "source_principal request_protocol grpc_response_status "
                                + "response_flags connection_security_policy source_app "
                                + "source_version destination_app destination_version"),
                of(
                        "istio_request_duration_milliseconds_bucket",
                        "le reporter destination_service destination_service_name "
                                + "destination_service_namespace destination_workload "
                                + "destination_workload_namespace destination_cluster "
                                + "destination_canonical_service destination_canonical_revision "
                                + "source_workload source_workload_namespace source_cluster "
                                + "source_canonical_service source_canonical_revision "
                                + "request_protocol response_code connection_security_policy"),
                of(
                        "istio_request_duration_milliseconds_sum",
                        "reporter destination_workload source_workload request_protocol "
                                + "response_code"),
                of(
                        "istio_request_duration_milliseconds_count",
                        "reporter destination_workload source_workload request_protocol "
                                + "response_code"),
                of(
                        "istio_request_bytes_bucket",
                        "le reporter connection_security_policy destination_service "
                                + "destination_workload destination_workload_namespace "
                                + "source_workload source_workload_namespace"),
                of("istio_request_bytes_sum", "reporter source_workload_namespace"),
                of("istio_request_bytes_count", "reporter source_workload_namespace"),
                of(
                        "istio_response_bytes_bucket",
                        "le reporter connection_security_policy destination_service "
                                + "destination_workload destination_workload_namespace "
                                + "source_workload source_workload_namespace"),
                of(
                        "istio_response_bytes_sum",
                        "reporter source_workload source_workload_namespace"),
                of("istio_response_bytes_count", "reporter source_workload"),
                of(
                        "istio_request_messages_total",
                        "reporter source_workload source_workload_namespace "
                                + "source_canonical_service source_cluster destination_service "
                                + "destination_service_name destination_service_namespace "
                                + "destination_workload destination_workload_namespace "
                                + "destination_canonical_service destination_cluster"),
                of(
                        "istio_response_messages_total",
                        "reporter source_workload source_workload_namespace "
                                + "source_canonical_service source_cluster destination_service "
                                + "destination_service_name destination_service_namespace "
                                + "destination_workload destination_workload_namespace "
                                + "destination_canonical_service destination_cluster"),
                of(
                        "istio_tcp_sent_bytes_total",
                        "reporter connection_security_policy destination_service "
                                + "destination_service_name destination_service_namespace "
                                + "destination_workload destination_workload_namespace "
                                + "destination_cluster destination_canonical_service "
                                + "destination_canonical_revision destination_principal "
                                + "source_workload source_workload_namespace source_cluster "
                                + "source_canonical_service source_canonical_revision "
                                + "source_principal response_flags request_protocol"),
                of(
                        "istio_tcp_received_bytes_total",
                        "reporter connection_security_policy destination_service "
                                + "destination_service_name destination_service_namespace "
                                + "destination_workload destination_workload_namespace "
                                + "destination_cluster destination_canonical_service "
                                + "source_workload source_workload_namespace source_cluster "
                                + "source_canonical_service response_flags"),
                of(
                        "istio_tcp_connections_opened_total",
                        "reporter source_workload destination_workload "
                                + "destination_service_name"),
                of(
                        "istio_tcp_connections_closed_total",
                        "reporter source_workload destination_workload "
                                + "destination_service_name"));
    }
}
