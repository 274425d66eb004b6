/**
 * {@code stats.PluginConfig}, Istio's metrics: {@code istio_requests_total} and its like, with who
 * called whom as labels, of requests and of connections (Envoy's contrib/istio, {@code
 * istio_stats}; Istio's page "Istio Standard Metrics"). Status: complete.
 */
@NullMarked
package dev.attache.filters.istio.stats;

import org.jspecify.annotations.NullMarked;
