package dev.attache.filters.http.ext_proc;

import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.CallScope;
import dev.attache.proxy.call.CallSpan;
import dev.attache.proxy.call.grpc.GrpcCalls;
import dev.attache.proxy.call.grpc.GrpcListener;
import dev.attache.proxy.call.grpc.GrpcOutcome;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.call.grpc.GrpcStream;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.worker.Timer;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The stream to the processor: may outlive the request that it is for, and tells nobody anything
 * then. Loop-confined.
 */
final class ProcessorStream implements GrpcListener, Valve {

    private final HttpFilterScope scope;
    private @Nullable ExtProcFilter filter;
    private @Nullable GrpcStream stream;
    private boolean closed;

    /** An answer is being dealt with. */
    private boolean hears;

    ProcessorStream(HttpFilterScope scope, ExtProcFilter filter) {
        this.scope = scope;
        this.filter = filter;
    }

    /** Whether there is one; where not, the filter hears why in a turn of its own. */
    boolean open(GrpcService service, FormatContext about, FilterContext context, boolean span) {
        CallScope faults =
                new CallScope() {
                    @Override
                    public void failed(Throwable thrown) {
                        fault(thrown);
                    }
                };
        CallOptions options =
                CallOptions.DEFAULT
                        .paidBy(context.memory())
                        .span(span ? CallSpan.of(context.trace()) : null);
        GrpcStream opened =
                new GrpcCalls(scope.calls().within(faults), scope.worker().allocator())
                        .stream(service, QuestionWriter.METHOD, about, options, this);
        stream = opened;
        return opened.isOpen();
    }

    /** What this filter's listener throws costs its stream, as anywhere else. */
    private void fault(Throwable thrown) {
        ExtProcFilter told = filter;
        if (told != null && !told.isOver()) {
            told.context().guarded(() -> rethrow(thrown)).run();
        }
    }

    private static void rethrow(Throwable thrown) {
        if (thrown instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        throw new IllegalStateException(thrown);
    }

    /** Takes ownership. */
    void send(ByteBuf message) {
        GrpcStream open = stream;
        if (open == null || closed) {
            message.release();
        } else {
            open.send(message);
        }
    }

    /**
     * Ends it, as Envoy does it: what is sent ends in order, and what comes is not waited for; amid
     * an answer there is no order any more.
     *
     * @return whether there was anything to end
     */
    boolean close() {
        GrpcStream open = stream;
        if (closed || open == null) {
            return false;
        }
        closed = true;
        filter = null;
        if (!hears) {
            open.halfClose();
        }
        open.cancel();
        return true;
    }

    /**
     * The request is over, and the processor has so long to take what it was sent.
     *
     * @param onClose called where it has not ended the stream by then
     */
    void outlive(long millis, Runnable onClose) {
        filter = null;
        Timer limit =
                new Timer() {
                    @Override
                    protected void expire() {
                        if (close()) {
                            onClose.run();
                        }
                    }
                };
        scope.worker().timers().schedule(limit, millis);
    }

    @Nullable UpstreamInfo upstream() {
        GrpcStream open = stream;
        return open == null ? null : open.upstream();
    }

    /** What the processor says waits, while nobody has room for it. */
    @Override
    public void hold() {
        GrpcStream open = stream;
        if (open != null) {
            open.input().hold();
        }
    }

    @Override
    public void release() {
        GrpcStream open = stream;
        if (open != null) {
            open.input().release();
        }
    }

    @Override
    public void onMessage(ByteBuf message) {
        ExtProcFilter told = filter;
        if (told != null) {
            hears = true;
            try {
                told.onMessage(message);
            } finally {
                hears = false;
            }
        }
    }

    @Override
    public void onClosed(GrpcOutcome status, Headers trailers) {
        closed = true;
        ExtProcFilter told = filter;
        if (told != null) {
            told.onClosed(status);
        }
    }

    @Override
    public void onAboveHighWatermark() {
        ExtProcFilter told = filter;
        if (told != null) {
            told.holdSources(true);
        }
    }

    @Override
    public void onBelowLowWatermark() {
        ExtProcFilter told = filter;
        if (told != null) {
            told.holdSources(false);
        }
    }
}
