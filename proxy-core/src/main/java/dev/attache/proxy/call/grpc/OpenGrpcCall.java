package dev.attache.proxy.call.grpc;

import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.call.CallListener;
import dev.attache.proxy.call.CallSpan;
import dev.attache.proxy.call.UpstreamCall;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.http.grpc.GrpcFrames;
import dev.attache.proxy.http.grpc.GrpcStatus;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.stream.UpstreamInfo;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A gRPC call over an HTTP one: frames, and a status in every case. Loop-confined. */
final class OpenGrpcCall implements GrpcStream, CallListener {

    private final ByteBufAllocator allocator;
    private final long maxMessageBytes;
    private final boolean channel;
    private final @Nullable CallSpan span;
    private final GrpcListener listener;
    private final GrpcFrames frames;
    private @Nullable UpstreamCall call;
    private boolean over;

    /**
     * @param channel whether failures are called as gRPC's own library would call them
     */
    OpenGrpcCall(
            ByteBufAllocator allocator,
            long maxMessageBytes,
            boolean channel,
            @Nullable MemoryAccount payer,
            @Nullable CallSpan span,
            GrpcListener listener) {
        this.allocator = allocator;
        this.maxMessageBytes = maxMessageBytes;
        this.channel = channel;
        this.span = span;
        this.listener = listener;
        this.frames = new GrpcFrames(payer);
    }

    void of(UpstreamCall started) {
        call = started;
    }

    private UpstreamCall call() {
        UpstreamCall known = call;
        if (known == null) {
            throw new IllegalStateException("not started");
        }
        return known;
    }

    @Override
    public void send(ByteBuf message) {
        send(message, false);
    }

    void send(ByteBuf message, boolean end) {
        call().data(GrpcFrames.frame(allocator, message), end);
    }

    @Override
    public void halfClose() {
        call().data(Unpooled.EMPTY_BUFFER, true);
    }

    @Override
    public void cancel() {
        if (!over) {
            // Also where the call is over, and this what it had said last.
            onCancelled();
            call().cancel();
        }
    }

    @Override
    public void onCancelled() {
        if (!over) {
            over = true;
            frames.close();
            if (span != null) {
                span.canceled(System.nanoTime());
            }
        }
    }

    @Override
    public Valve input() {
        return call().input();
    }

    @Override
    public boolean isOpen() {
        return !over && call().isOpen();
    }

    @Override
    public boolean isAboveHighWatermark() {
        return call().isAboveHighWatermark();
    }

    @Override
    public UpstreamInfo upstream() {
        return call().upstream();
    }

    @Override
    public void onAboveHighWatermark() {
        listener.onAboveHighWatermark();
    }

    @Override
    public void onBelowLowWatermark() {
        listener.onBelowLowWatermark();
    }

    @Override
    public void onHeaders(Headers response, boolean end) {
        int status = (int) response.getLong(HeaderName.STATUS);
        boolean says = end && response.contains(HeaderName.GRPC_STATUS);
        if (status != 200 && !says) {
            close(new GrpcOutcome(GrpcStatus.ofHttp(status), ""), new Headers());
        } else if (end) {
            close(status(response), response);
        } else {
            listener.onInitialMetadata(response);
        }
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        try {
            read(data);
        } finally {
            data.release();
        }
        if (end) {
            // A gRPC response ends with trailers.
            close(GrpcOutcome.UNKNOWN);
        }
    }

    private void read(ByteBuf data) {
        while (!over) {
            GrpcFrames.Frame frame = frames.next(data);
            if ((frame == null ? frames.expected() : frame.message().length) > maxMessageBytes) {
                close(GrpcOutcome.RESOURCE_EXHAUSTED);
            } else if (frame == null) {
                return;
            } else if (frame.flags() != 0 && frame.message().length > 0) {
                // Compressed, which nobody asked for.
                close(GrpcOutcome.INTERNAL);
            } else {
                listener.onMessage(Unpooled.wrappedBuffer(frame.message()));
            }
        }
    }

    private void close(int status) {
        close(new GrpcOutcome(status, ""), new Headers());
    }

    @Override
    public void onTrailers(Headers trailers) {
        close(status(trailers), trailers);
    }

    @Override
    public void onFailure(CallFailure why) {
        if (channel) {
            close(asTheLibrary(why), new Headers());
            return;
        }
        if (why.kind() == CallFailure.Kind.NO_CLUSTER) {
            close(
                    new GrpcOutcome(GrpcOutcome.UNAVAILABLE, "Cluster not available", ""),
                    new Headers());
            return;
        }
        int code = why.responseBegan() ? GrpcOutcome.INTERNAL : GrpcStatus.ofHttp(why.status());
        String details = why.details(upstream().transportFailureReason);
        close(new GrpcOutcome(code, why.text(), details), new Headers());
    }

    private void close(GrpcOutcome status, Headers trailers) {
        if (!over) {
            over = true;
            frames.close();
            call().settled(status.code());
            call().cancel();
            listener.onClosed(status, trailers);
            if (span != null) {
                span.finish(status.code(), System.nanoTime());
            }
        }
    }

    private static GrpcOutcome status(Headers headers) {
        long code = headers.getLong(HeaderName.GRPC_STATUS);
        String message = headers.getOr(HeaderName.GRPC_MESSAGE, "");
        return new GrpcOutcome(
                code < 0 || code > Integer.MAX_VALUE ? GrpcOutcome.UNKNOWN : (int) code,
                new String(
                        GrpcStatus.decodeMessage(message).getBytes(StandardCharsets.ISO_8859_1),
                        StandardCharsets.UTF_8));
    }

    /** What a call that failed comes to, by the library's own ways of saying so. */
    private static GrpcOutcome asTheLibrary(CallFailure why) {
        if (why.kind() == CallFailure.Kind.TIMEOUT && why.responseBegan()) {
            return new GrpcOutcome(GrpcOutcome.DEADLINE_EXCEEDED, "Deadline Exceeded");
        }
        boolean lost =
                why.reset() == ResetReason.REMOTE_REFUSED_STREAM_RESET
                        || why.reset() == ResetReason.CONNECTION_TERMINATION;
        // What never came to an answer is internal, whatever the reason.
        int code = lost ? GrpcOutcome.UNAVAILABLE : GrpcOutcome.INTERNAL;
        return new GrpcOutcome(code, why.text());
    }
}
