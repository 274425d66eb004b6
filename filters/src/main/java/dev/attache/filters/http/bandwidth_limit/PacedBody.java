package dev.attache.filters.http.bandwidth_limit;

import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.memory.PieceQueue;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The body of one message on its way through the bucket of its settings. Holds its source while
 * more waits than the buffer limit. Loop-confined; closed with its stream.
 */
final class PacedBody {

    /** Is asked what to say in trailers once all has gone. */
    interface Ending {

        /**
         * @param trailers those that wait, or null
         * @return trailers to end the message with where it has none, or null
         */
        @Nullable Headers ended(@Nullable Headers trailers);
    }

    private final BandwidthSettings settings;
    private final BandwidthStats.Way stats;
    private final Direction direction;
    private final WorkerContext worker;
    private final FilterContext context;
    private final Ending ending;
    private final Timer timer;
    private final PieceQueue waiting = new PieceQueue();
    private @Nullable Headers trailers;
    private boolean end;
    private boolean began;
    private boolean over;
    private boolean holding;
    private long beganNanos;
    private long durationMillis;
    private long delayMillis;

    PacedBody(
            BandwidthSettings settings,
            BandwidthStats.Way stats,
            Direction direction,
            WorkerContext worker,
            FilterContext context,
            Ending ending) {
        this.settings = settings;
        this.stats = stats;
        this.direction = direction;
        this.worker = worker;
        this.context = context;
        this.ending = ending;
        this.timer = context.timer(this::send);
        stats.enabled().inc();
    }

    /** Takes ownership of the piece. */
    void add(ByteBuf piece, boolean last) {
        if (!began) {
            began = true;
            beganNanos = worker.nanoTime();
            stats.pending().inc();
        }
        stats.incomingSize().set(piece.readableBytes());
        stats.incomingTotalSize().add(piece.readableBytes());
        waiting.add(piece);
        waiting.settle(context.memory(), worker.allocator());
        end |= last;
        if (!holding && waiting.bytes() > context.bufferLimit()) {
            holding = true;
            source().hold();
        }
        if (!timer.armed()) {
            worker.timers().schedule(timer, 0);
        }
    }

    /** Trailers have come: whether they must wait for the body. */
    boolean holds(Headers come) {
        if (waiting.bytes() > 0) {
            trailers = come;
            return true;
        }
        finish(come);
        return false;
    }

    private Valve source() {
        return context.valve(direction);
    }

    private void send() {
        int length = (int) settings.take(waiting.bytes(), worker.nanoTime());
        ByteBuf piece = taken(length);
        stats.allowedSize().set(length);
        stats.allowedTotalSize().add(length);
        boolean empty = waiting.bytes() == 0;
        if (!empty) {
            stats.enforced().inc();
            delayMillis += settings.fillMillis();
            worker.timers().schedule(timer, settings.fillMillis());
        }
        if (holding && waiting.bytes() <= context.bufferLimit() / 2) {
            holding = false;
            source().release();
        }
        pass(piece, empty);
    }

    private ByteBuf taken(int length) {
        ByteBuf piece = worker.allocator().buffer(Math.max(1, length));
        while (piece.readableBytes() < length) {
            ByteBuf part = waiting.take(length - piece.readableBytes());
            piece.writeBytes(part);
            part.release();
        }
        return piece;
    }

    private void pass(ByteBuf piece, boolean empty) {
        if (over) {
            piece.release();
        } else if (empty && trailers != null) {
            finish(trailers);
            context.inject(direction, piece, false);
            if (!over) {
                context.resume(direction);
            }
        } else if (empty && end) {
            Headers added = finish(null);
            context.inject(direction, piece, added == null);
            if (added != null && !over) {
                context.injectTrailers(direction, added);
            }
        } else {
            context.inject(direction, piece, false);
        }
    }

    private @Nullable Headers finish(@Nullable Headers with) {
        if (!began) {
            return null;
        }
        began = false;
        durationMillis = (worker.nanoTime() - beganNanos) / 1_000_000;
        Headers added = ending.ended(with);
        stats.transferDuration().record(durationMillis);
        stats.pending().add(-1);
        return added;
    }

    /** From the first octet to the end. */
    long durationMillis() {
        return durationMillis;
    }

    /** What of it is the filter's doing. */
    long delayMillis() {
        return delayMillis;
    }

    /** Gives back what never went out. */
    void close() {
        if (over) {
            return;
        }
        over = true;
        timer.cancel();
        if (holding) {
            holding = false;
            source().release();
        }
        if (began) {
            stats.pending().add(-1);
        }
        waiting.release();
    }
}
