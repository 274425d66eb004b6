package dev.attache.filters.http.fault;

import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The body of one response on its way through a bucket of tokens, one token a byte, looked at every
 * 50 ms as in Envoy. Holds its source while more waits than the buffer limit. Loop-confined; closed
 * with its stream.
 */
final class PacedBody {
    private static final long INTERVAL_MILLIS = 50;

    private final WorkerContext worker;
    private final FilterContext context;
    private final long tokensPerSecond;
    private final Timer timer;
    private final CompositeByteBuf waiting = Unpooled.compositeBuffer(1024);
    private double tokens;
    private long filledNanos;
    private boolean end;
    private boolean trailers;
    private boolean holding;
    private boolean closed;

    PacedBody(long kibPerSecond, WorkerContext worker, FilterContext context) {
        this.worker = worker;
        this.context = context;
        this.timer = context.timer(this::send);
        this.tokensPerSecond = kibPerSecond * 1024;
        this.tokens = (double) tokensPerSecond * INTERVAL_MILLIS / 1000;
        this.filledNanos = worker.nanoTime();
    }

    /** Takes ownership of the piece. */
    void add(ByteBuf piece, boolean last) {
        waiting.addComponent(true, piece);
        end |= last;
        Valve source = context.valve(Direction.RESPONSE);
        if (!holding && waiting.readableBytes() > context.bufferLimit()) {
            holding = true;
            source.hold();
        }
        if (!timer.armed()) {
            worker.timers().schedule(timer, 0);
        }
    }

    /** Trailers have come: whether they must wait for the body. */
    boolean holdsTrailers() {
        trailers = waiting.isReadable();
        return trailers;
    }

    private void send() {
        int length = (int) take(waiting.readableBytes());
        ByteBuf piece = worker.allocator().buffer(Math.max(1, length));
        piece.writeBytes(waiting, length);
        waiting.discardReadComponents();
        boolean empty = !waiting.isReadable();
        if (!empty) {
            worker.timers().schedule(timer, INTERVAL_MILLIS);
        }
        if (holding && waiting.readableBytes() <= context.bufferLimit() / 2) {
            holding = false;
            context.valve(Direction.RESPONSE).release();
        }
        if (!closed) {
            context.inject(Direction.RESPONSE, piece, end && empty && !trailers);
        } else {
            piece.release();
        }
        if (!closed && empty && trailers) {
            context.resume(Direction.RESPONSE);
        }
    }

    /** As many tokens as there are, up to {@code wanted}. */
    private long take(long wanted) {
        long now = worker.nanoTime();
        double filled = tokens + (now - filledNanos) / 1e9 * tokensPerSecond;
        tokens = Math.min(tokensPerSecond, filled);
        filledNanos = now;
        long taken = Math.min(wanted, (long) tokens);
        tokens -= taken;
        return taken;
    }

    /** Gives back what never went out. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        timer.cancel();
        if (holding) {
            holding = false;
            context.valve(Direction.RESPONSE).release();
        }
        waiting.release();
    }
}
