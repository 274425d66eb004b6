package dev.attache.filters.http.author.blocking;

import dev.attache.filters.http.author.stream.HeaderNames;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.memory.KeptBody;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.Step;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * A request or response while a blocking filter has it. Its head is held, and its body is kept up
 * to the buffer limit; then the source waits until somebody wants the body, or lets it go on.
 * Loop-confined but for what is said to be the thread's.
 */
final class HeldMessage {

    /** What there is to be read behind the head. */
    static final class Rest {
        final byte[] body;
        final @Nullable RecordedHeaders trailers;

        Rest(byte[] body, @Nullable RecordedHeaders trailers) {
            this.body = body;
            this.trailers = trailers;
        }
    }

    final StreamTurns turns;

    /** The thread's until the message goes on. */
    final RecordedHeaders head;

    /** The thread's: what goes in the place of the body. */
    byte @Nullable [] replacement;

    /** The thread's: what it has read. */
    @Nullable Rest read;

    private final Direction direction;
    private final Headers original;
    private final boolean bodiless;
    private final FilterContext context;
    private final HeaderNames names = new HeaderNames();
    private final KeptBody kept;
    private @Nullable Headers trailers;
    private @Nullable Turn<Rest> wanted;
    private int charged;
    private boolean complete;
    private boolean sourceHeld;
    private boolean gone;
    private boolean dropping;

    HeldMessage(
            Direction direction,
            Headers original,
            boolean end,
            FilterContext context,
            StreamTurns turns) {
        this.direction = direction;
        this.original = original;
        this.bodiless = end;
        this.complete = end;
        this.context = context;
        this.turns = turns;
        this.head = new RecordedHeaders(original, names);
        this.kept = new KeptBody(context.memory(), context.connection().worker().allocator());
    }

    /** What the filter answers when it is shown the head. */
    Step hold() {
        if (!complete) {
            context.streamWhilePaused(direction);
        }
        return Step.PAUSE;
    }

    Step data(ByteBuf data, boolean end) {
        if (gone) {
            return dropping ? Step.DONE : Step.CONTINUE;
        }
        if (data.isReadable()) {
            kept.add(data.retain());
        }
        complete = end;
        if (kept.size() > context.bufferLimit()) {
            return full();
        }
        deliver();
        return Step.DONE;
    }

    private Step full() {
        if (wanted != null) {
            return context.tooLarge(direction);
        }
        if (!sourceHeld) {
            sourceHeld = true;
            context.valve(direction).hold();
        }
        return Step.DONE;
    }

    Step trailers(Headers fields) {
        if (gone) {
            return dropping ? Step.DONE : Step.CONTINUE;
        }
        trailers = fields;
        complete = true;
        deliver();
        return Step.DONE;
    }

    /** Somebody wants to read the rest. */
    void want(Turn<Rest> turn) {
        if (gone) {
            throw new IllegalStateException("the message has gone on");
        }
        wanted = turn;
        if (kept.size() > context.bufferLimit()) {
            context.tooLarge(direction);
            return;
        }
        deliver();
    }

    private void deliver() {
        Turn<Rest> turn = wanted;
        if (!complete || turn == null) {
            return;
        }
        wanted = null;
        byte[] bytes = taken();
        charged = bytes.length;
        context.memory().heap(charged);
        Headers last = trailers;
        turn.done(new Rest(bytes, last == null ? null : new RecordedHeaders(last, names)));
    }

    private byte[] taken() {
        if (kept.size() == 0) {
            return new byte[0];
        }
        ByteBuf whole = kept.take();
        try {
            return ByteBufUtil.getBytes(whole);
        } finally {
            whole.release();
        }
    }

    /** Goes on, as the thread has left it. */
    void pass() {
        gone = true;
        head.replay(original);
        Rest known = read;
        if (known != null && known.trailers != null && trailers != null) {
            known.trailers.replay(trailers);
        }
        byte[] other = replacement;
        if (other != null) {
            measure(original, other.length);
            send(original, other);
        } else if (bodiless) {
            context.resume(direction);
        } else if (known != null) {
            send(original, known.body);
        } else {
            stream();
        }
        discharge();
    }

    private void measure(Headers of, int length) {
        if (length > 0 || of.contains(HeaderName.CONTENT_LENGTH) || !bodiless) {
            of.set(HeaderName.CONTENT_LENGTH, length);
        }
    }

    /** Another message goes on in its place. */
    void passInstead(Headers other, byte[] body) {
        gone = true;
        trailers = null;
        send(other, body);
        discharge();
    }

    /** A whole message; what still comes of this one is dropped. */
    private void send(Headers first, byte[] body) {
        dropping = !complete;
        Headers last = trailers;
        kept.release();
        if (body.length == 0 && last == null) {
            context.injectHeaders(direction, first, true);
        } else {
            context.injectHeaders(direction, first, false);
            context.inject(direction, Unpooled.wrappedBuffer(body), last == null);
            if (last != null) {
                context.injectTrailers(direction, last);
            }
        }
        releaseSource();
    }

    /** What has come so far, and the rest as it comes. */
    private void stream() {
        context.resume(direction);
        boolean ends = complete && trailers == null;
        if (kept.size() > 0) {
            context.inject(direction, kept.take(), ends);
        } else if (ends) {
            context.inject(direction, Unpooled.EMPTY_BUFFER, true);
        }
        if (trailers != null) {
            context.injectTrailers(direction, trailers);
        }
        releaseSource();
    }

    private void releaseSource() {
        if (sourceHeld) {
            sourceHeld = false;
            context.valve(direction).release();
        }
    }

    private void discharge() {
        context.memory().heap(-charged);
        charged = 0;
    }

    /** The stream has ended. */
    void release() {
        gone = true;
        dropping = true;
        kept.release();
        discharge();
    }

    // ---- on the thread -------------------------------------------------------------------------

    Rest rest() throws InterruptedException {
        Rest known = read;
        if (known == null) {
            known = turns.ask(this::want);
            read = known;
        }
        return known;
    }

    byte[] body() throws InterruptedException {
        byte[] other = replacement;
        return other != null ? other : rest().body;
    }
}
