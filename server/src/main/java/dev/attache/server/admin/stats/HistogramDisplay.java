package dev.attache.server.admin.stats;

import org.jspecify.annotations.Nullable;

/** {@code histogram_buckets}: how {@code /stats} shows histograms. */
enum HistogramDisplay {
    QUANTILES,
    CUMULATIVE,
    DISJOINT,
    DETAILED,
    PROMETHEUS_NATIVE;

    static final String USAGE =
            "usage: /stats?histogram_buckets="
                    + "(cumulative|disjoint|detailed|summary|prometheusnative)\n";

    /** Null where there is no such display. */
    static @Nullable HistogramDisplay of(@Nullable String text) {
        return switch (text == null ? "" : text) {
            case "", "none", "summary" -> QUANTILES;
            case "prometheusnative" -> PROMETHEUS_NATIVE;
            case "cumulative" -> CUMULATIVE;
            case "disjoint" -> DISJOINT;
            case "detailed" -> DETAILED;
            default -> null;
        };
    }
}
