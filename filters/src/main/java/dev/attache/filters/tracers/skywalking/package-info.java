/**
 * The <a
 * href="https://www.envoyproxy.io/docs/envoy/v1.40.0/api-v3/config/trace/v3/skywalking.proto">SkyWalking
 * tracer</a>: segments of spans over a gRPC stream, {@code sw8} between processes. Complete.
 */
@NullMarked
package dev.attache.filters.tracers.skywalking;

import org.jspecify.annotations.NullMarked;
