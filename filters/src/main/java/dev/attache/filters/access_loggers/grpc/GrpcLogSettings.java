package dev.attache.filters.access_loggers.grpc;

import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.route.RetryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.extensions.access_loggers.grpc.v3.CommonGrpcAccessLogConfig}, as far as it concerns
 * the stream to the service. Immutable.
 *
 * @param service where entries go
 * @param retry {@code grpc_stream_retry_policy}; null = a stream that fails is opened again with
 *     the next batch
 * @param flushMillis how long an entry may wait
 * @param bufferBytes how many bytes of entries make a batch; 0 = each entry is sent at once, and
 *     none is dropped
 * @param identifier {@code StreamAccessLogsMessage.Identifier}, written, for the first message of a
 *     stream
 */
record GrpcLogSettings(
        GrpcService service,
        @Nullable RetryPolicy retry,
        long flushMillis,
        long bufferBytes,
        byte[] identifier) {}
