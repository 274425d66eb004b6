package dev.attache.filters.tracers.skywalking;

import dev.attache.filters.wire.Nobody;
import dev.attache.filters.wire.StreamEnd;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.call.grpc.GrpcCalls;
import dev.attache.proxy.call.grpc.GrpcListener;
import dev.attache.proxy.call.grpc.GrpcOutcome;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.call.grpc.GrpcStream;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The stream to the collector. It is begun at once, and again after a pause that grows where it
 * breaks; meanwhile, and while the collector does not read, segments wait, and the oldest go where
 * there are too many. Loop-confined.
 */
final class SegmentStream implements GrpcListener {

    private static final String METHOD = "skywalking.v3.TraceSegmentReportService/collect";
    private static final long FIRST_PAUSE = 500;
    private static final long LONGEST_PAUSE = 30_000;

    private final GrpcService service;
    private final int most;
    private final WorkerContext worker;
    private final ScopedCalls calls;
    private final Deque<ByteBuf> waiting = new ArrayDeque<>();
    private final Cell sent;
    private final Cell dropped;
    private final Cell flushed;
    private final Cell cacheFlushed;
    private final Timer retry =
            new Timer() {
                @Override
                protected void expire() {
                    open();
                }
            };
    private @Nullable GrpcStream stream;
    private long pause = FIRST_PAUSE;
    private boolean closed;

    /**
     * @param most segments that wait
     * @param stats {@code tracing.skywalking.}
     */
    SegmentStream(
            GrpcService service, int most, WorkerContext worker, ScopedCalls calls, Scope stats) {
        this.service = service;
        this.most = most;
        this.worker = worker;
        this.calls = calls;
        this.sent = stats.counter("segments_sent").cell(worker.index());
        this.dropped = stats.counter("segments_dropped").cell(worker.index());
        this.flushed = stats.counter("segments_flushed").cell(worker.index());
        this.cacheFlushed = stats.counter("cache_flushed").cell(worker.index());
    }

    void open() {
        GrpcStream begun =
                new GrpcCalls(calls, worker.allocator())
                        .stream(
                                service,
                                METHOD,
                                Nobody.context(),
                                CallOptions.DEFAULT.report(),
                                this);
        stream = begun;
        if (!waiting.isEmpty()) {
            cacheFlushed.inc();
            drain();
        }
    }

    /** Hands what waits to the stream, as far as that has room. */
    private void drain() {
        GrpcStream open = stream;
        while (open != null && !waiting.isEmpty() && hasRoom(open)) {
            flushed.inc();
            sent.inc();
            open.send(waiting.remove());
        }
    }

    /** One that has ended takes nothing, also while it has yet to say so. */
    private static boolean hasRoom(GrpcStream open) {
        return open.isOpen() && !open.isAboveHighWatermark();
    }

    /** Takes ownership. */
    void send(ByteBuf segment) {
        GrpcStream open = stream;
        if (closed) {
            segment.release();
            dropped.inc();
        } else if (open != null && waiting.isEmpty() && hasRoom(open)) {
            sent.inc();
            open.send(segment);
        } else {
            waiting.add(segment);
            if (waiting.size() > most) {
                waiting.remove().release();
                dropped.inc();
            }
        }
    }

    @Override
    public void onBelowLowWatermark() {
        drain();
    }

    @Override
    public void onInitialMetadata(Headers response) {
        pause = FIRST_PAUSE;
    }

    @Override
    public void onMessage(ByteBuf message) {
        message.release();
    }

    @Override
    public void onClosed(GrpcOutcome status, Headers trailers) {
        stream = null;
        if (!closed) {
            long now = FIRST_PAUSE + Long.remainderUnsigned(worker.random(), pause);
            pause = Math.min(LONGEST_PAUSE, pause * 2);
            worker.timers().schedule(retry, now);
        }
    }

    void close() {
        closed = true;
        retry.cancel();
        dropped.add(waiting.size());
        waiting.forEach(ByteBuf::release);
        waiting.clear();
        if (stream != null) {
            StreamEnd.of(stream, worker);
        }
    }
}
