package dev.attache.filters.stat_sinks.metrics_service;

import dev.attache.filters.stat_sinks.OwedGrowth;
import dev.attache.filters.wire.MessageWriter;
import dev.attache.filters.wire.Nobody;
import dev.attache.filters.wire.StreamEnd;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.grpc.GrpcCalls;
import dev.attache.proxy.call.grpc.GrpcListener;
import dev.attache.proxy.call.grpc.GrpcOutcome;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.call.grpc.GrpcStream;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.sink.StatsSink;
import dev.attache.proxy.sink.StatsSinkScope;
import dev.attache.proxy.sink.StatsSnapshot;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream to a metrics service: written on the flush thread, sent on the loop of the worker that
 * makes the sinks' calls. A flush goes out whole, or not at all while the service does not read;
 * what counters grew by meanwhile is told with the next one.
 */
final class MetricsServiceSink implements StatsSink {

    private static final Logger LOG = LoggerFactory.getLogger("stats");

    private static final String METHOD = "envoy.service.metrics.v3.MetricsService/StreamMetrics";

    /** Of {@code StreamMetricsMessage}. */
    private static final int IDENTIFIER = 1;

    private static final int ENVOY_METRICS = 2;

    private final StatsSinkScope scope;
    private final GrpcService service;
    private final MetricFamilies families;
    private final int batch;
    private final byte[] identifier;

    /** Of the flush thread. */
    private final OwedGrowth owed = new OwedGrowth();

    /** The service does not read what it was sent; written on the worker's loop. */
    private volatile boolean full;

    /** Of the worker's loop. */
    private @Nullable Stream stream;

    /**
     * @param batch how many families make a message; 0 = all of them
     * @param identifier {@code StreamMetricsMessage.Identifier}, written
     */
    MetricsServiceSink(
            StatsSinkScope scope,
            GrpcService service,
            MetricFamilies families,
            int batch,
            byte[] identifier) {
        this.scope = scope;
        this.service = service;
        this.families = families;
        this.batch = batch;
        this.identifier = identifier;
    }

    @Override
    public void flush(StatsSnapshot snapshot) {
        if (full) {
            owed.add(snapshot);
            return;
        }
        Batches batches = new Batches();
        families.write(owed.settle(snapshot), scope, batches);
        List<byte[]> messages = batches.done();
        onWorker(() -> send(messages));
    }

    private void onWorker(Runnable task) {
        try {
            scope.caller().eventLoop().execute(task);
        } catch (RejectedExecutionException ended) {
            LOG.debug("the worker has ended before its statistics");
        }
    }

    /** Families, so many to a message. */
    private final class Batches implements MetricFamilies.Taker {
        private final List<byte[]> messages = new ArrayList<>();
        private MessageWriter current = new MessageWriter(16 * 1024);
        private int families;

        @Override
        public MessageWriter next() {
            if (batch > 0 && families == batch) {
                messages.add(current.toByteArray());
                current = new MessageWriter(16 * 1024);
                families = 0;
            }
            families++;
            return current;
        }

        @Override
        public int field() {
            return ENVOY_METRICS;
        }

        List<byte[]> done() {
            messages.add(current.toByteArray());
            return messages;
        }
    }

    private void send(List<byte[]> messages) {
        for (byte[] message : messages) {
            Stream open = stream;
            boolean first = open == null;
            if (open == null) {
                open = new Stream();
                open.call =
                        new GrpcCalls(scope.calls(), scope.caller().allocator())
                                .stream(
                                        service,
                                        METHOD,
                                        Nobody.context(),
                                        CallOptions.DEFAULT.report(),
                                        open);
                stream = open;
            }
            open.send(first ? introduced(message) : Unpooled.wrappedBuffer(message));
        }
    }

    private ByteBuf introduced(byte[] message) {
        MessageWriter whole = new MessageWriter(message.length + identifier.length + 16);
        whole.content(IDENTIFIER, identifier);
        whole.fields(message);
        return Unpooled.wrappedBuffer(whole.toByteArray());
    }

    @Override
    public void close() {
        onWorker(() -> {
            if (stream != null) {
                stream.finish();
                stream = null;
            }
        });
    }

    /** One stream; what it says after it has been given up concerns nobody. */
    private final class Stream implements GrpcListener {
        private @Nullable GrpcStream call;

        void send(ByteBuf message) {
            if (call == null) {
                message.release();
            } else {
                call.send(message);
            }
        }

        void finish() {
            if (call != null) {
                StreamEnd.of(call, scope.caller());
            }
        }

        @Override
        public void onMessage(ByteBuf message) {
            // A service has nothing to say; one that answers all the same is not listened to.
        }

        @Override
        public void onClosed(GrpcOutcome status, Headers trailers) {
            if (stream == this) {
                stream = null;
                full = false;
            }
        }

        @Override
        public void onAboveHighWatermark() {
            if (stream == this) {
                full = true;
            }
        }

        @Override
        public void onBelowLowWatermark() {
            if (stream == this) {
                full = false;
            }
        }
    }
}
