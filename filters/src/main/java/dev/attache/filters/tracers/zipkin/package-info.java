/**
 * The <a
 * href="https://www.envoyproxy.io/docs/envoy/v1.40.0/api-v3/config/trace/v3/zipkin.proto">Zipkin
 * tracer</a>: B3's context, with W3C's beside it where wanted, spans as JSON or protobuf. Complete.
 */
@NullMarked
package dev.attache.filters.tracers.zipkin;

import org.jspecify.annotations.NullMarked;
