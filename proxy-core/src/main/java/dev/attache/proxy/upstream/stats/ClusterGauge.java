package dev.attache.proxy.upstream.stats;

/** Envoy's gauges of a cluster; source as for {@link ClusterCounter}. */
public enum ClusterGauge {
    LB_SUBSETS_ACTIVE,
    MAX_HOST_WEIGHT,
    MEMBERSHIP_DEGRADED,
    MEMBERSHIP_EXCLUDED,
    MEMBERSHIP_HEALTHY,
    MEMBERSHIP_TOTAL,
    UPSTREAM_CX_ACTIVE,
    UPSTREAM_CX_RX_BYTES_BUFFERED,
    UPSTREAM_CX_TX_BYTES_BUFFERED,
    UPSTREAM_QUEUE_OVERLOADED,
    UPSTREAM_RQ_ACTIVE,
    UPSTREAM_RQ_PENDING_ACTIVE,
    VERSION,
    WARMING_STATE;

    private final String text = name().toLowerCase(java.util.Locale.ROOT);

    /** Behind {@code cluster.<name>.}. */
    public String text() {
        return text;
    }
}
