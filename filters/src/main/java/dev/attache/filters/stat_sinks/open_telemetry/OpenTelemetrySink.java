package dev.attache.filters.stat_sinks.open_telemetry;

import dev.attache.filters.stat_sinks.OwedGrowth;
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
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exports to a collector of OpenTelemetry: written on the flush thread, sent on the loop of the
 * worker that makes the sinks' calls. What a collector does not take is lost until the next flush.
 * One that does not answer at all is asked no more until it does; the growth of counters meanwhile
 * is told then.
 */
final class OpenTelemetrySink implements StatsSink {

    private static final Logger LOG = LoggerFactory.getLogger("stats");

    private static final String METHOD =
            "opentelemetry.proto.collector.metrics.v1.MetricsService/Export";

    /** Requests without an answer. */
    private static final int MOST_UNANSWERED = 32;

    private final StatsSinkScope scope;
    private final OtlpMetrics metrics;
    private final @Nullable GrpcService grpc;
    private final @Nullable HttpService http;
    private final AtomicInteger unanswered = new AtomicInteger();

    /** Of the flush thread. */
    private final OwedGrowth owed = new OwedGrowth();

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
        if (unanswered.get() >= MOST_UNANSWERED) {
            owed.add(snapshot);
            return;
        }
        List<byte[]> requests = metrics.requests(owed.settle(snapshot), scope, startMillis);
        unanswered.addAndGet(requests.size());
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
                        unanswered.decrementAndGet();
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
                            CallOptions.DEFAULT.report(),
                            new Answer());
        }
    }

    /** Nothing depends on what comes back. */
    private final class Answer implements GrpcAnswer {
        @Override
        public void onMessage(ByteBuf message) {
            unanswered.decrementAndGet();
            LOG.debug("statistics were taken");
        }

        @Override
        public void onFailure(GrpcOutcome status) {
            unanswered.decrementAndGet();
            LOG.debug("statistics were not taken: {}", status);
        }
    }

    @Override
    public void close() {
        // Its calls are the worker's, and end with it.
    }
}
