package dev.attache.filters.istio.stats;

import org.jspecify.annotations.Nullable;

/**
 * {@code stats.PluginConfig}, compiled. Immutable.
 *
 * @param reporter null: by the direction of the listener
 * @param hostFallback where the control plane names no service, the request's host does
 * @param reportMillis between reports of what lasts; 0 = it is reported at its end
 */
record IstioStatsSettings(
        @Nullable Reporter reporter,
        boolean hostFallback,
        long reportMillis,
        MetricPlan plan,
        NodeLabels node) {}
