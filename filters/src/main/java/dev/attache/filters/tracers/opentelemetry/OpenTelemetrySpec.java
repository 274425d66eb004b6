package dev.attache.filters.tracers.opentelemetry;

import dev.attache.proxy.call.HttpService;
import dev.attache.proxy.call.grpc.GrpcService;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.config.trace.v3.OpenTelemetryConfig}. Immutable.
 *
 * @param resource attributes of what sends the spans, in order
 * @param scoped spans say that they are Envoy's kind
 * @param sampler null: the connection manager decides alone
 * @param flushSpans so many spans are sent at once
 * @param maxCacheSize so many wait at most
 */
record OpenTelemetrySpec(
        @Nullable GrpcService grpc,
        @Nullable HttpService http,
        Map<String, String> resource,
        boolean scoped,
        @Nullable Sampler sampler,
        int flushSpans,
        int maxCacheSize,
        long flushMillis) {}
