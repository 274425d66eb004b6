/**
 * {@code envoy.access_loggers.open_telemetry}: entries as log records of OpenTelemetry, exported in
 * batches over gRPC or HTTP.
 *
 * <p>Type URL {@code
 * envoy.extensions.access_loggers.open_telemetry.v3.OpenTelemetryAccessLogConfig}. {@code
 * OtlpTemplate} is what a record is made of, {@code OtlpLogger} gathers and sends. Facts: {@code
 * source/extensions/access_loggers/open_telemetry/}.
 */
@NullMarked
package dev.attache.filters.access_loggers.open_telemetry;

import org.jspecify.annotations.NullMarked;
