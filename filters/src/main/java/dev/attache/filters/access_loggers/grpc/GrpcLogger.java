package dev.attache.filters.access_loggers.grpc;

import dev.attache.filters.access_loggers.EntryBuffer;
import dev.attache.filters.wire.MessageWriter;
import dev.attache.filters.wire.Nobody;
import dev.attache.filters.wire.StreamEnd;
import dev.attache.proxy.accesslog.AccessLogScope;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.grpc.GrpcCalls;
import dev.attache.proxy.call.grpc.GrpcListener;
import dev.attache.proxy.call.grpc.GrpcOutcome;
import dev.attache.proxy.call.grpc.GrpcStream;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one worker on their way to one service: gathered until there are enough of them or
 * the oldest has waited long enough, then sent as one message of a stream that stays open. While a
 * service takes nothing, HTTP entries wait up to the size of the buffer and those of connections,
 * or all where there is none, up to {@link #MOST_BYTES} more; entries beyond it are dropped and
 * counted. What was handed to a stream that fails is lost, as in Envoy. Loop-confined.
 */
final class GrpcLogger {

    private static final String METHOD =
            "envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs";

    private static final int IDENTIFIER = 1;
    private static final int LOG_ENTRY = 1;

    /** What may wait beyond a batch while the service takes nothing. */
    static final long MOST_BYTES = 1 << 20;

    private final WorkerContext worker;
    private final GrpcCalls calls;
    private final GrpcLogSettings settings;

    /** In {@code StreamAccessLogsMessage}: of HTTP or of TCP. */
    private final int field;

    private final Cell written;
    private final Cell dropped;
    private final Cell flushed;
    private final Cell flushFailed;
    private final CallOptions options;
    private final EntryBuffer entries = new EntryBuffer(LOG_ENTRY);
    private @Nullable Stream stream;
    private boolean closed;

    private final Timer timer =
            new Timer() {
                @Override
                protected void expire() {
                    flush();
                    armIfWaiting();
                }
            };

    /**
     * @param field of {@code StreamAccessLogsMessage}
     */
    GrpcLogger(AccessLogScope scope, GrpcLogSettings settings, int field) {
        this.worker = scope.worker();
        this.calls = new GrpcCalls(scope.calls(), worker.allocator());
        this.settings = settings;
        this.field = field;
        this.options = CallOptions.DEFAULT.report().retry(settings.retry());
        Scope stats = scope.stats().scope("access_logs.grpc_access_log.");
        int index = worker.index();
        this.written = stats.counter("logs_written").cell(index);
        this.dropped = stats.counter("logs_dropped").cell(index);
        this.flushed = stats.counter("grpc_entries_flushed").cell(index);
        this.flushFailed = stats.counter("grpc_entries_flush_failed").cell(index);
    }

    void log(LoggedEntry form, FormatContext entry) {
        if (closed || !hasRoom(form)) {
            dropped.inc();
            return;
        }
        if (form.bounded()) {
            // As Envoy counts it: when there is room for it, sent or not.
            written.inc();
        }
        entries.add(form, entry);
        if (entries.bytes() >= settings.bufferBytes()) {
            flush();
        }
        armIfWaiting();
    }

    private boolean hasRoom(LoggedEntry form) {
        long most = settings.bufferBytes();
        if (most == 0 || !form.bounded()) {
            most += MOST_BYTES;
        }
        if (entries.bytes() >= most) {
            flush();
        }
        return entries.bytes() < most;
    }

    private void armIfWaiting() {
        if (entries.count() > 0 && !timer.armed() && !closed) {
            worker.timers().schedule(timer, settings.flushMillis());
        }
    }

    /** Sends what waits, unless the stream is full or there is none to be had. */
    void flush() {
        if (entries.count() == 0) {
            return;
        }
        Stream open = stream;
        boolean first = open == null;
        if (open == null) {
            open = new Stream();
            open.call = calls.stream(settings.service(), METHOD, Nobody.context(), options, open);
            stream = open;
        }
        if (!open.isOpen()) {
            stream = null;
            flushFailed.add(entries.count());
            return;
        }
        if (open.isFull()) {
            flushFailed.add(entries.count());
            return;
        }
        open.send(message(first));
        flushed.add(entries.count());
        entries.clear();
    }

    private ByteBuf message(boolean first) {
        MessageWriter whole =
                new MessageWriter(entries.written().size() + 16 + settings.identifier().length);
        if (first) {
            whole.content(IDENTIFIER, settings.identifier());
        }
        int begun = whole.begin(field);
        whole.fields(entries.written());
        whole.end(begun);
        return whole.handOver();
    }

    /**
     * Nothing more is logged: what waits is sent, or is lost where it cannot be; the stream ends.
     */
    void close() {
        closed = true;
        timer.cancel();
        flush();
        dropped.add(entries.count());
        entries.clear();
        if (stream != null) {
            stream.finish();
            stream = null;
        }
    }

    /** One stream; what it says after it has been given up concerns nobody. */
    private final class Stream implements GrpcListener {
        private @Nullable GrpcStream call;

        boolean isOpen() {
            return call != null && call.isOpen();
        }

        boolean isFull() {
            return call != null && call.isAboveHighWatermark();
        }

        void send(ByteBuf message) {
            if (call == null) {
                message.release();
            } else {
                call.send(message);
            }
        }

        void finish() {
            if (call != null) {
                StreamEnd.of(call, worker);
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
            }
        }
    }
}
