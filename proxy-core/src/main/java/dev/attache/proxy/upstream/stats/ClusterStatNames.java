package dev.attache.proxy.upstream.stats;

import dev.attache.proxy.stats.StatFamily;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The names that every cluster lists from its first moment, counted or not; they cost a cluster one
 * reference. Source: envoyproxy.io, "Cluster manager statistics", compared with a running Envoy.
 */
public final class ClusterStatNames {

    /** Below {@code cluster.<name>.}. */
    public static final StatFamily CLUSTER = cluster();

    /** Below {@code cluster.<name>.outlier_detection.}, where there is outlier detection. */
    public static final StatFamily OUTLIER_DETECTION =
            StatFamily.builder()
                    .counters(
                            "ejections_consecutive_5xx",
                            "ejections_detected_consecutive_5xx",
                            "ejections_detected_consecutive_gateway_failure",
                            "ejections_detected_consecutive_local_origin_failure",
                            "ejections_detected_degradation",
                            "ejections_detected_failure_percentage",
                            "ejections_detected_local_origin_failure_percentage",
                            "ejections_detected_local_origin_success_rate",
                            "ejections_detected_success_rate",
                            "ejections_enforced_consecutive_5xx",
                            "ejections_enforced_consecutive_gateway_failure",
                            "ejections_enforced_consecutive_local_origin_failure",
                            "ejections_enforced_failure_percentage",
                            "ejections_enforced_local_origin_failure_percentage",
                            "ejections_enforced_local_origin_success_rate",
                            "ejections_enforced_success_rate",
                            "ejections_enforced_total",
                            "ejections_overflow",
                            "ejections_success_rate",
                            "ejections_total")
                    .gauges("ejections_active")
                    .build();

    /** Below {@code cluster.<name>.<transport socket match>.}. */
    public static final StatFamily TRANSPORT_MATCH =
            StatFamily.builder().counters("total_match_count").build();

    /** Below {@code cluster.<name>.ring_hash_lb.}, where that balancer is in use. */
    public static final StatFamily RING_HASH =
            StatFamily.builder()
                    .gauges("max_hashes_per_host", "min_hashes_per_host", "size")
                    .build();

    /** Below {@code cluster.<name>.maglev_lb.}, where that balancer is in use. */
    public static final StatFamily MAGLEV =
            StatFamily.builder().gauges("max_entries_per_host", "min_entries_per_host").build();

    private ClusterStatNames() {}

    private static StatFamily cluster() {
        List<String> breakers = new ArrayList<>();
        for (String priority : List.of("default", "high")) {
            for (String kind : List.of("cx", "cx_pool", "rq", "rq_pending", "rq_retry")) {
                breakers.add("circuit_breakers." + priority + "." + kind + "_open");
            }
        }
        return StatFamily.builder()
                .counters(Arrays.stream(ClusterCounter.values()).map(ClusterCounter::text).toList())
                .gauges(Arrays.stream(ClusterGauge.values()).map(ClusterGauge::text).toList())
                .gauges(breakers)
                .histogram(
                        ClusterHistogram.UPSTREAM_CX_CONNECT_MS.text(),
                        ClusterHistogram.UPSTREAM_CX_CONNECT_MS.unit())
                .histogram(
                        ClusterHistogram.UPSTREAM_CX_LENGTH_MS.text(),
                        ClusterHistogram.UPSTREAM_CX_LENGTH_MS.unit())
                .histogram(
                        ClusterHistogram.UPSTREAM_RQ_PER_CX.text(),
                        ClusterHistogram.UPSTREAM_RQ_PER_CX.unit())
                .build();
    }
}
