package dev.attache.filters.access_loggers.open_telemetry;

import dev.attache.proxy.call.HttpService;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.route.RetryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Where records go and when. Immutable.
 *
 * @param grpc null: over HTTP
 * @param http null: over gRPC
 * @param retry {@code grpc_stream_retry_policy}; null = never
 * @param flushMillis how long a record may wait
 * @param bufferBytes how many bytes of records make a batch; 0 = each is sent at once
 * @param resource {@code opentelemetry.proto.resource.v1.Resource}, written
 * @param statPrefix of the statistics, behind Envoy's own
 */
record OtlpLogSettings(
        @Nullable GrpcService grpc,
        @Nullable HttpService http,
        @Nullable RetryPolicy retry,
        long flushMillis,
        long bufferBytes,
        byte[] resource,
        String statPrefix) {}
