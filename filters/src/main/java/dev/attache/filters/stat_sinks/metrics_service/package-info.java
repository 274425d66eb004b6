/**
 * {@code envoy.stat_sinks.metrics_service}: metric families of Prometheus on a gRPC stream.
 * Complete.
 *
 * <p>Type URL {@code envoy.config.metrics.v3.MetricsServiceConfig}. Facts: {@code
 * source/extensions/stat_sinks/metrics_service/grpc_metrics_service_impl.cc}.
 */
@NullMarked
package dev.attache.filters.stat_sinks.metrics_service;

import org.jspecify.annotations.NullMarked;
