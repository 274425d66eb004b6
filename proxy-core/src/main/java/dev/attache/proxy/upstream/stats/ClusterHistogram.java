package dev.attache.proxy.upstream.stats;

import dev.attache.proxy.stats.Histogram;

/** Envoy's histograms of a cluster. */
public enum ClusterHistogram {
    UPSTREAM_CX_CONNECT_MS(Histogram.Unit.MILLISECONDS),
    UPSTREAM_CX_LENGTH_MS(Histogram.Unit.MILLISECONDS),
    UPSTREAM_RQ_PER_CX(Histogram.Unit.UNSPECIFIED),
    UPSTREAM_RQ_TIME(Histogram.Unit.MILLISECONDS);

    private final Histogram.Unit unit;
    private final String text = name().toLowerCase(java.util.Locale.ROOT);

    ClusterHistogram(Histogram.Unit unit) {
        this.unit = unit;
    }

    public Histogram.Unit unit() {
        return unit;
    }

    /** Behind {@code cluster.<name>.}. */
    public String text() {
        return text;
    }
}
