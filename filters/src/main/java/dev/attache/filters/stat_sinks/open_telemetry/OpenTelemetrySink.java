package dev.attache.filters.stat_sinks.open_telemetry;

import dev.attache.filters.wire.Nobody;
import dev.attache.filters.wire.OtlpHttp;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.HttpService;
import dev.attache.proxy.call.grpc.GrpcAnswer;
import dev.attache.proxy.call.grpc.GrpcCalls;
import dev.attache.proxy.call.grpc.GrpcOutcome;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.sink.StatsSink;
import dev.attache.proxy.sink.StatsSinkScope;
import dev.attache.proxy.sink.StatsSnapshot;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exports to a collector of OpenTelemetry: written on the flush thread, sent on the loop of the
 * worker that makes the sinks' calls. What a collector does not take is lost until the next flush.
 */
final class OpenTelemetrySink implements StatsSink {

    private static final Logger LOG = LoggerFactory.getLogger("stats");

    private static final String METHOD =
            "opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

    private final StatsSinkScope scope;
    private final OtlpMetrics metrics;
    private final @Nullable GrpcService grpc;
    private final @Nullable HttpService http;
    private long startMillis;

    /**
     * @param grpc null: over HTTP
     * @param http null: over gRPC
     */
    OpenTelemetrySink(
            StatsSinkScope scope,
            OtlpMetrics metrics,
            @Nullable GrpcService grpc,
            @Nullable HttpService http) {
        this.scope = scope;
        this.metrics = metrics;
        this.grpc = grpc;
        this.http = http;
    }

    @Override
    public void flush(StatsSnapshot snapshot) {
        if (startMillis == 0) {
            startMillis = snapshot.previousMillis();
        }
        List<byte[]> requests = metrics.requests(snapshot, scope, startMillis);
        try {
            scope.caller().eventLoop().execute(() -> requests.forEach(this::send));
        } catch (RejectedExecutionException ended) {
            LOG.debug("the worker has ended before its statistics");
        }
    }

    private void send(byte[] request) {
        ByteBuf message = Unpooled.wrappedBuffer(request);
        if (http != null) {
            OtlpHttp.post(
                    scope.calls(),
                    http,
                    message,
                    status -> {
                        if (status != 200) {
                            LOG.debug("statistics were not taken: status {}", status);
                        }
                    });
        } else if (grpc != null) {
            new GrpcCalls(scope.calls(), scope.caller().allocator())
                    .unary(
                            grpc,
                            METHOD,
                            message,
                            Nobody.context(),
                            CallOptions.DEFAULT,
                            new Answer());
        }
    }

    /** Nothing depends on what comes back. */
    private static final class Answer implements GrpcAnswer {
        @Override
        public void onMessage(ByteBuf message) {
            LOG.debug("statistics were taken");
        }

        @Override
        public void onFailure(GrpcOutcome status) {
            LOG.debug("statistics were not taken: {}", status);
        }
    }

    @Override
    public void close() {
        // Its calls are the worker's, and end with it.
    }
}
