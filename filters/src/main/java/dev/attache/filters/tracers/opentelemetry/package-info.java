/**
 * The <a
 * href="https://www.envoyproxy.io/docs/envoy/v1.40.0/api-v3/config/trace/v3/opentelemetry.proto">OpenTelemetry
 * tracer</a>: W3C's context, spans over gRPC or HTTP. Complete, but for Dynatrace's sampler and
 * detector.
 */
@NullMarked
package dev.attache.filters.tracers.opentelemetry;

import org.jspecify.annotations.NullMarked;
