package dev.attache.filters.access_loggers.grpc;

import dev.attache.filters.wire.MessageWriter;
import dev.attache.filters.wire.Nobody;
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
 * the oldest has waited long enough, then sent as one message of a stream that stays open. What a
 * service does not take is held no longer than the buffer is large; entries beyond it are dropped
 * and counted. What was handed to a stream that fails is lost, as in Envoy. Loop-confined.
 */
final class GrpcLogger {

    private static final String METHOD =
            "envoy.service.accesslog.v3.AccessLogService/StreamAccessLogs";

    private static final int IDENTIFIER = 1;
    private static final int LOG_ENTRY = 1;

    /** Of memory that is kept between batches. */
    private static final int KEPT = 64 * 1024;

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
    private final MessageWriter entries = new MessageWriter(4096);
    private int count;

    /** Envoy's measure: of the entries alone. */
    private long bufferedBytes;

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
        this.options = CallOptions.DEFAULT.retry(settings.retry());
        Scope stats = scope.stats().scope("access_logs.grpc_access_log.");
        int index = worker.index();
        this.written = stats.counter("logs_written").cell(index);
        this.dropped = stats.counter("logs_dropped").cell(index);
        this.flushed = stats.counter("grpc_entries_flushed").cell(index);
        this.flushFailed = stats.counter("grpc_entries_flush_failed").cell(index);
    }

    void log(LoggedEntry form, FormatContext entry) {
        if (form.bounded() && !hasRoom()) {
            return;
        }
        int before = entries.size();
        int begun = entries.begin(LOG_ENTRY);
        boolean whole = false;
        try {
            form.write(entries, entry);
            bufferedBytes += entries.end(begun);
            whole = true;
        } finally {
            if (!whole) {
                entries.truncate(before);
            }
        }
        count++;
        if (bufferedBytes >= settings.bufferBytes()) {
            flush();
        }
        armIfWaiting();
    }

    /** As Envoy counts it: an entry is written when there is room for it, sent or not. */
    private boolean hasRoom() {
        if (settings.bufferBytes() != 0 && bufferedBytes >= settings.bufferBytes()) {
            flush();
            if (bufferedBytes >= settings.bufferBytes()) {
                dropped.inc();
                return false;
            }
        }
        written.inc();
        return true;
    }

    private void armIfWaiting() {
        if (count > 0 && !timer.armed() && !closed) {
            worker.timers().schedule(timer, settings.flushMillis());
        }
    }

    /** Sends what waits, unless the stream is full or there is none to be had. */
    void flush() {
        if (count == 0) {
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
            flushFailed.add(count);
            return;
        }
        if (open.isFull()) {
            flushFailed.add(count);
            return;
        }
        open.send(message(first));
        flushed.add(count);
        count = 0;
        bufferedBytes = 0;
        entries.clear(KEPT);
    }

    private ByteBuf message(boolean first) {
        MessageWriter whole = new MessageWriter(entries.size() + 16 + settings.identifier().length);
        if (first) {
            whole.content(IDENTIFIER, settings.identifier());
        }
        int begun = whole.begin(field);
        whole.fields(entries);
        whole.end(begun);
        ByteBuf out = worker.allocator().buffer(whole.size());
        whole.copyTo(out);
        return out;
    }

    /** Nothing more is logged: what waits is sent, and the stream ends. */
    void close() {
        closed = true;
        timer.cancel();
        flush();
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
                call.halfClose();
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
