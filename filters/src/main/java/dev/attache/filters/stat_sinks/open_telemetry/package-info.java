/**
 * {@code envoy.stat_sinks.open_telemetry}: statistics as metrics of OpenTelemetry, over gRPC or
 * HTTP. Without {@code custom_metric_conversions}.
 *
 * <p>Type URL {@code envoy.extensions.stat_sinks.open_telemetry.v3.SinkConfig}. Facts: {@code
 * source/extensions/stat_sinks/open_telemetry/}.
 */
@NullMarked
package dev.attache.filters.stat_sinks.open_telemetry;

import org.jspecify.annotations.NullMarked;
