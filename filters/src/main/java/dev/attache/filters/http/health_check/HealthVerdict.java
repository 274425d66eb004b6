package dev.attache.filters.http.health_check;

/** What the proxy says of itself or of its clusters, with Envoy's details. */
enum HealthVerdict {
    HEALTHY("health_check_ok", true),

    /** {@code /healthcheck/fail} was called. */
    FAILED("health_check_failed", false),
    CLUSTERS_HEALTHY("health_check_ok_cluster_healthy", true),
    CLUSTER_NOT_FOUND("health_check_failed_no_cluster_found", false),
    CLUSTER_EMPTY("health_check_failed_cluster_empty", false),
    CLUSTER_UNHEALTHY("health_check_failed_cluster_unhealthy", false);

    private final String details;
    private final boolean healthy;

    HealthVerdict(String details, boolean healthy) {
        this.details = details;
        this.healthy = healthy;
    }

    String details() {
        return details;
    }

    int status() {
        return healthy ? 200 : 503;
    }
}
