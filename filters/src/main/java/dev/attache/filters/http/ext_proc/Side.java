package dev.attache.filters.http.ext_proc;

import dev.attache.filters.http.ext_proc.ProcessingMode.BodyMode;
import dev.attache.filters.http.ext_proc.ProcessingMode.HeaderMode;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.memory.KeptBody;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.worker.Timer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One direction of one stream: what of the message has come, what the processor has been asked and
 * has yet to answer, and what is kept until then (Envoy's {@code ProcessorState}). The filter takes
 * every piece of a body that the processor is to see, and passes on what has become of it.
 * Loop-confined.
 *
 * <p>Longer than files here should be: each kind of body is a few lines over one state.
 */
final class Side {

    /** What the processor has yet to answer. */
    enum Awaiting {
        NOTHING,
        HEADERS,
        BUFFERED_BODY,
        STREAMED_BODY,
        PARTIAL_BODY,
        TRAILERS
    }

    final Direction direction;
    final ExtProcFilter filter;
    final FilterContext context;
    final ChunkQueue queue;
    private final Timer timer;

    boolean sendsHeaders;
    boolean sendsTrailers;
    BodyMode bodyMode = BodyMode.NONE;

    Awaiting awaiting = Awaiting.NOTHING;

    /** The head, as long as it can be changed. */
    @Nullable Headers headers;

    /** Those that wait. */
    @Nullable Headers trailers;

    /** Pieces that came while nobody was to see them yet; null: none came. */
    @Nullable KeptBody kept;

    boolean paused;
    boolean noBody;

    /** All of the body has come. */
    boolean complete;

    /** The body is the processor's; what still comes is dropped. */
    boolean replaced;

    boolean bodyCame;

    /** The part of the body that the processor was to see has been answered. */
    boolean partDone;

    /** Nothing more goes on behind this filter but trailers. */
    boolean endPassed;

    private boolean trailersSent;
    private boolean attributesSent;
    private boolean holds;
    private boolean askedForTime;
    private long askedNanos = -1;

    Side(Direction direction, ExtProcFilter filter, FilterContext context) {
        this.direction = direction;
        this.filter = filter;
        this.context = context;
        this.queue = new ChunkQueue(context.memory());
        this.timer = context.timer(filter::onTimeout);
    }

    void mode(ProcessingMode mode) {
        boolean request = direction == Direction.REQUEST;
        sendsHeaders =
                (request ? mode.requestHeaders() : mode.responseHeaders()) != HeaderMode.SKIP;
        sendsTrailers =
                (request ? mode.requestTrailers() : mode.responseTrailers()) == HeaderMode.SEND;
        bodyMode = request ? mode.requestBody() : mode.responseBody();
    }

    /** Whether the processor sees nothing of it. */
    boolean isSkipped() {
        return !sendsHeaders && !sendsTrailers && bodyMode == BodyMode.NONE;
    }

    /** Whether a body may come back longer or shorter when its head has gone. */
    boolean losesLength() {
        return switch (bodyMode) {
            case STREAMED, FULL_DUPLEX_STREAMED, BUFFERED_PARTIAL ->
                    !filter.spec().heeding().keepsLength();
            case BUFFERED -> !sendsHeaders && !filter.spec().heeding().keepsLength();
            case NONE, GRPC -> false;
        };
    }

    // ---- the message comes ---------------------------------------------------------------------

    Step onHeaders(Headers head, boolean end) {
        if (sendsHeaders && filter.observes()) {
            filter.observe(this, filter.aboutHeaders(this, head, end));
            return Step.CONTINUE;
        }
        complete |= end;
        Step step = Step.CONTINUE;
        if (!filter.isDone() && sendsHeaders) {
            headers = head;
            noBody = end;
            paused = true;
            context.streamWhilePaused(direction);
            ask(filter.aboutHeaders(this, head, end), Awaiting.HEADERS);
            step = Step.PAUSE;
        }
        if (!filter.isDone() && !filter.isFailing() && losesLength()) {
            head.remove(HeaderName.CONTENT_LENGTH);
        }
        return step;
    }

    Step onData(ByteBuf data, boolean end) {
        bodyCame = true;
        if (filter.observes()) {
            if (bodyMode == BodyMode.STREAMED) {
                filter.observe(this, filter.aboutBody(this, data, end));
            }
            return Step.CONTINUE;
        }
        complete |= end;
        if (replaced) {
            return drop(end);
        }
        if (filter.isDone()) {
            return Step.CONTINUE;
        }
        if (filter.isFailing() || awaiting == Awaiting.HEADERS && !streamsBeforeAnswer()) {
            return keep(data, end);
        }
        return switch (bodyMode) {
            case BUFFERED -> buffered(data, end);
            case STREAMED, FULL_DUPLEX_STREAMED -> streamed(data, end);
            case BUFFERED_PARTIAL -> partial(data, end);
            case NONE, GRPC -> Step.CONTINUE;
        };
    }

    private boolean streamsBeforeAnswer() {
        return bodyMode == BodyMode.FULL_DUPLEX_STREAMED
                || bodyMode == BodyMode.STREAMED && filter.spec().waiting().bodyBeforeHeaders();
    }

    private Step drop(boolean end) {
        if (end) {
            pass(Unpooled.EMPTY_BUFFER, true);
        }
        return Step.DONE;
    }

    private Step keep(ByteBuf data, boolean end) {
        paused = true;
        KeptBody before = kept;
        KeptBody all = before != null ? before : new KeptBody(context.memory(), filter.allocator());
        kept = all;
        all.add(data.retain());
        if (all.size() > context.bufferLimit()) {
            if (bodyMode == BodyMode.BUFFERED && !(end && before == null)) {
                return context.tooLarge(direction);
            }
            hold();
        }
        return Step.DONE;
    }

    private Step buffered(ByteBuf data, boolean end) {
        Step step = keep(data, end);
        if (end && !filter.isDone() && !filter.isOver()) {
            askAboutKept(true);
        }
        return step;
    }

    /** Sends what is kept, which stays kept until it is answered. */
    void askAboutKept(boolean end) {
        KeptBody all = kept;
        ByteBuf copy = all == null ? Unpooled.EMPTY_BUFFER : all.copy();
        try {
            ask(filter.aboutBody(this, copy, end), Awaiting.BUFFERED_BODY);
        } finally {
            copy.release();
        }
    }

    private Step streamed(ByteBuf data, boolean end) {
        if (!end && !data.isReadable()) {
            return Step.DONE;
        }
        sendPiece(data.retain(), end);
        if (end || awaiting == Awaiting.HEADERS) {
            paused = true;
        }
        return Step.DONE;
    }

    /** Sends a piece, and keeps it where the answer may say that it stays as it is. */
    void sendPiece(ByteBuf data, boolean end) {
        QuestionWriter question = filter.aboutBody(this, data, end);
        if (bodyMode == BodyMode.FULL_DUPLEX_STREAMED) {
            data.release();
        } else {
            enqueue(data, end);
        }
        ask(question, awaiting == Awaiting.HEADERS ? Awaiting.HEADERS : Awaiting.STREAMED_BODY);
    }

    private Step partial(ByteBuf data, boolean end) {
        if (partDone) {
            headers = null;
            return Step.CONTINUE;
        }
        enqueue(data.retain(), end);
        paused = true;
        if (awaiting != Awaiting.PARTIAL_BODY && (end || isQueueFull())) {
            askAboutPart(end);
        }
        return Step.DONE;
    }

    /** Sends all that is queued, as one. */
    void askAboutPart(boolean end) {
        ChunkQueue.Chunk all = queue.merge();
        if (all != null) {
            ask(filter.aboutBody(this, all.data(), end), Awaiting.PARTIAL_BODY);
        }
    }

    void enqueue(ByteBuf data, boolean end) {
        queue.add(data, end);
        if (isQueueFull()) {
            hold();
        }
    }

    boolean isQueueFull() {
        return queue.isOver(context.bufferLimit());
    }

    Step onTrailers(Headers arrived) {
        if (filter.isDone()) {
            return Step.CONTINUE;
        }
        if (sendsTrailers && filter.observes()) {
            if (!trailersSent) {
                trailersSent = true;
                filter.observe(this, filter.aboutTrailers(this, arrived));
            }
            return Step.CONTINUE;
        }
        if (filter.observes()) {
            return Step.CONTINUE;
        }
        boolean delivered = complete;
        complete = true;
        trailers = arrived;
        boolean waits =
                filter.isFailing()
                        || awaiting != Awaiting.NOTHING
                                && bodyMode != BodyMode.FULL_DUPLEX_STREAMED;
        if (waits) {
            paused = true;
        } else if (!delivered && kept != null && bodyMode == BodyMode.BUFFERED) {
            paused = true;
            askAboutKept(false);
        } else if (!delivered && !queue.isEmpty() && bodyMode == BodyMode.BUFFERED_PARTIAL) {
            paused = true;
            askAboutPart(false);
        } else if (sendsTrailers) {
            paused = true;
            sendTrailers(arrived);
        } else {
            return Step.CONTINUE;
        }
        return Step.PAUSE;
    }

    void sendTrailers(Headers arrived) {
        if (!trailersSent) {
            trailersSent = true;
            ask(
                    filter.aboutTrailers(this, arrived),
                    awaiting == Awaiting.NOTHING ? Awaiting.TRAILERS : awaiting);
        }
    }

    // ---- questions -----------------------------------------------------------------------------

    private void ask(QuestionWriter question, Awaiting what) {
        if (!filter.ask(this, question)) {
            return;
        }
        awaiting = what;
        if (bodyMode != BodyMode.FULL_DUPLEX_STREAMED) {
            timer.cancel();
            filter.schedule(timer, filter.spec().waiting().timeoutMillis());
        }
        askedNanos = filter.nanoTime();
        askedForTime = false;
    }

    /** Whether attributes are still to be told; from then on they are. */
    boolean tellsAttributesNow() {
        boolean first = !attributesSent;
        attributesSent = true;
        return first;
    }

    /** An answer has come, or none will. */
    void answered(int status, Awaiting next) {
        filter.noteBytes();
        timer.cancel();
        if (askedNanos >= 0 && awaiting != Awaiting.NOTHING) {
            long micros = (filter.nanoTime() - askedNanos) / 1000;
            filter.log().call(direction, awaiting, micros, status);
        }
        awaiting = next;
        askedForTime = false;
    }

    boolean wasAsked() {
        return askedNanos >= 0;
    }

    /** The processor asks for more time, once for each question; whether it gets it. */
    boolean extend(long millis) {
        if (!timer.armed() || askedForTime) {
            return false;
        }
        timer.cancel();
        filter.schedule(timer, millis);
        askedForTime = true;
        return true;
    }

    void stopTimer() {
        timer.cancel();
    }

    /** Whether nothing of it waits, for an answer or for the rest of itself. */
    boolean isSettled() {
        return awaiting == Awaiting.NOTHING && !paused && kept == null && queue.isEmpty();
    }

    // ---- what goes on --------------------------------------------------------------------------

    /** Passes a piece on behind this filter; takes ownership. */
    void pass(ByteBuf data, boolean end) {
        if (endPassed || filter.isOver()) {
            data.release();
            return;
        }
        endPassed = end;
        context.inject(direction, data, end);
    }

    /** Lets go what waits: head, what is kept, trailers. */
    void goOn() {
        if (!paused || filter.isOver()) {
            return;
        }
        paused = false;
        KeptBody all = kept;
        kept = null;
        if (all != null) {
            pass(all.take(), complete && trailers == null);
        }
        if (!filter.isOver()) {
            context.resume(direction);
        }
    }

    /** Nobody is asked any more: all that waits goes on as it is. */
    void giveUp(int status) {
        answered(status, Awaiting.NOTHING);
        ChunkQueue.Chunk all = queue.merge();
        if (all != null) {
            queue.poll();
            pass(all.data(), all.end());
        }
        release();
        goOn();
    }

    /** The source stands still: too much waits. */
    void hold() {
        if (!holds) {
            holds = true;
            context.valve(direction).hold();
        }
    }

    void release() {
        if (holds) {
            holds = false;
            context.valve(direction).release();
        }
    }

    void releaseIfRoom() {
        if (!queue.isOver(context.bufferLimit() / 2)) {
            release();
        }
    }

    /** The stream is over. */
    void end() {
        timer.cancel();
        queue.release();
        KeptBody all = kept;
        kept = null;
        if (all != null) {
            all.release();
        }
        release();
    }
}
