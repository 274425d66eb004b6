package dev.attache.proxy.pipeline;

import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.memory.KeptBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a pipeline: walks the filters by index and keeps, per filter that paused, what
 * waits in front of it and behind it. Both directions are this class; they differ in where the next
 * filter is, which callbacks are called, and what stands at the end.
 *
 * <p>Longer than files here should be: in which order head, body and trailers go on, held or added,
 * is one rule.
 */
abstract class Flow {

    private static final @Nullable Hold[] NONE = {};

    /** One for each filter, or none as long as no filter has held anything. */
    private @Nullable Hold[] holds = NONE;

    private final int count;
    private boolean dead;

    Flow(int count) {
        this.count = count;
    }

    abstract int next(int index);

    abstract Step callHeaders(int index, Headers headers, boolean end);

    abstract Step callData(int index, ByteBuf data, boolean end);

    abstract Step callTrailers(int index, Headers trailers);

    abstract void arriveHeaders(Headers headers, boolean end);

    abstract void arriveData(ByteBuf data, boolean end);

    abstract void arriveTrailers(Headers trailers);

    abstract void onTooLarge();

    abstract Valve source();

    abstract long limit();

    /** Where what waits is kept, and who pays for it. */
    abstract KeptBody newBody();

    /**
     * The source's protocol has the end on the last piece of a body (HTTP/2), not behind it
     * (HTTP/1): what Envoy's filters see.
     */
    abstract boolean endComesWithData();

    /** A filter waits for the whole body. */
    final boolean keeps() {
        for (Hold hold : holds) {
            if (hold != null && hold.held && hold.buffering) {
                return true;
            }
        }
        return false;
    }

    /** The filter furthest on that holds this direction, or -1. */
    final int holder() {
        int furthest = -1;
        for (int i = 0; i < holds.length; i++) {
            Hold hold = holds[i];
            if (hold != null && hold.held && (furthest < 0 || next(i) > i)) {
                furthest = i;
            }
        }
        return furthest;
    }

    /** Nothing moves any more; what waited is given back. */
    final void kill() {
        dead = true;
        for (Hold hold : holds) {
            if (hold != null) {
                hold.release();
            }
        }
    }

    /** The stream is over: no source may stay held for its filters. After {@link #kill}. */
    final void letSourceGo() {
        for (Hold hold : holds) {
            if (hold != null) {
                letSourceGo(hold);
            }
        }
    }

    private boolean in(int index) {
        return index >= 0 && index < count;
    }

    /** What filter {@code index} holds, or null where it never did. */
    private @Nullable Hold known(int index) {
        return holds.length == 0 ? null : holds[index];
    }

    private Hold hold(int index) {
        Hold hold = known(index);
        if (hold == null) {
            if (holds.length == 0) {
                holds = new @Nullable Hold[count];
            }
            hold = new Hold();
            holds[index] = hold;
        }
        return hold;
    }

    final void headers(int from, Headers headers, boolean end) {
        for (int i = from; in(i); i = next(i)) {
            Step step = callHeaders(i, headers, end);
            if (dead || step == Step.DONE || hasEnded(i)) {
                return;
            }
            if (step == Step.PAUSE || (step == Step.BUFFER && !end)) {
                Hold hold = hold(i);
                hold.held = true;
                hold.buffering = step == Step.BUFFER;
                hold.headers = headers;
                hold.headersEnd = end;
                return;
            }
        }
        arriveHeaders(headers, end);
    }

    final void data(int from, ByteBuf data, boolean end) {
        if (dead) {
            data.release();
            return;
        }
        for (int i = from; in(i); i = next(i)) {
            Hold hold = known(i);
            if (hold != null && hold.ended) {
                data.release();
                return;
            }
            if (hold != null && hold.held && !hold.streaming) {
                wait(i, hold, data, end);
                return;
            }
            Step step = callData(i, data, end);
            if (dead || step == Step.DONE || hasEnded(i)) {
                data.release();
                return;
            }
            if (step == Step.PAUSE) {
                Hold paused = hold(i);
                paused.held = true;
                paused.behind = append(paused.behind, data);
                paused.behindEnd |= end;
                holdSourceIfFull(paused);
                return;
            }
            if (step == Step.BUFFER && !end) {
                Hold paused = hold(i);
                paused.held = true;
                paused.buffering = true;
                wait(i, paused, data, false);
                return;
            }
            if (hold != null && hold.held) {
                // It saw the body while its headers were held, and goes on: headers first.
                hold.behind = append(hold.behind, data);
                hold.behindEnd |= end;
                resume(i);
                return;
            }
        }
        arriveData(data, end);
    }

    private void wait(int index, Hold hold, ByteBuf data, boolean end) {
        // What comes in one piece need not be kept, so the limit of what is kept does not bound it.
        boolean whole = end && hold.before == null && endComesWithData();
        hold.before = append(hold.before, data);
        hold.beforeEnd |= end;
        if (!hold.buffering) {
            holdSourceIfFull(hold);
        } else if (!whole && hold.size() > limit()) {
            onTooLarge();
        } else if (end) {
            deliverWhole(index, hold);
        }
    }

    private void holdSourceIfFull(Hold hold) {
        Valve source = source();
        if (!hold.holdsSource && hold.size() > limit()) {
            hold.holdsSource = true;
            source.hold();
        }
    }

    private KeptBody append(@Nullable KeptBody to, ByteBuf data) {
        KeptBody target = to != null ? to : newBody();
        target.add(data);
        return target;
    }

    final void trailers(int from, Headers trailers) {
        if (dead) {
            return;
        }
        for (int i = from; in(i); i = next(i)) {
            Hold hold = known(i);
            if (hold != null && hold.ended) {
                return;
            }
            if (hold != null && hold.held && !hold.streaming) {
                hold.trailersBefore = trailers;
                if (hold.buffering) {
                    deliverWhole(i, hold);
                }
                return;
            }
            Step step = callTrailers(i, trailers);
            if (dead || step == Step.DONE || hasEnded(i)) {
                return;
            }
            if (step == Step.PAUSE || step == Step.BUFFER) {
                Hold paused = hold(i);
                paused.held = true;
                paused.trailersBehind = trailers;
                return;
            }
            if (hold != null && (hold.held || hold.headers != null)) {
                hold.trailersBehind = trailers;
                resume(i);
                return;
            }
        }
        arriveTrailers(trailers);
    }

    /** Passes a head on behind filter {@code index}, in place of one that it holds. */
    final void injectHeaders(int index, Headers headers, boolean end) {
        if (dead) {
            return;
        }
        checkOpen(index);
        Hold hold = known(index);
        if (hold != null && hold.headers != null) {
            hold.headers = null;
            hold.behindEnd |= hold.headersEnd;
        }
        if (end) {
            endAt(index);
        }
        headers(next(index), headers, end);
    }

    /** Passes a piece on behind filter {@code index}; what it still holds goes first. */
    final void inject(int index, ByteBuf data, boolean end) {
        if (!dead && hasEnded(index)) {
            data.release();
        }
        goFirst(index);
        if (end && !dead) {
            endAt(index);
        }
        data(next(index), data, end);
    }

    /** Ends the message with trailers behind filter {@code index}. */
    final void injectTrailers(int index, Headers trailers) {
        goFirst(index);
        if (dead) {
            return;
        }
        endAt(index);
        trailers(next(index), trailers);
    }

    /** What filter {@code index} has let go on and holds all the same goes before what it adds. */
    private void goFirst(int index) {
        if (dead) {
            return;
        }
        checkOpen(index);
        Hold hold = known(index);
        if (hold == null) {
            return;
        }
        if (hold.headers != null) {
            Headers headers = hold.headers;
            hold.headers = null;
            // The end that it had is still to come: it goes when the filter goes on.
            hold.behindEnd |= hold.headersEnd;
            headers(next(index), headers, false);
        }
        if (!dead && hold.behind != null) {
            ByteBuf data = hold.behind.take();
            hold.behind = null;
            data(next(index), data, false);
        }
    }

    private boolean hasEnded(int index) {
        Hold hold = known(index);
        return hold != null && hold.ended;
    }

    private void checkOpen(int index) {
        if (hasEnded(index)) {
            throw new IllegalStateException("the filter has ended this message already");
        }
    }

    /**
     * Filter {@code index} ends the message by itself: what still comes from the source is not
     * wanted any more, nor what waits in front of the filter.
     */
    private void endAt(int index) {
        Hold hold = hold(index);
        hold.ended = true;
        hold.held = false;
        hold.release();
        hold.behindEnd = false;
        hold.beforeEnd = false;
        hold.trailersBefore = null;
        hold.trailersBehind = null;
        letSourceGo(hold);
    }

    private void letSourceGo(Hold hold) {
        if (hold.holdsSource) {
            hold.holdsSource = false;
            source().release();
        }
    }

    /** The body that a filter asked to have in one piece is complete. */
    private void deliverWhole(int index, Hold hold) {
        ByteBuf whole = hold.before != null ? hold.before.take() : Unpooled.EMPTY_BUFFER;
        hold.before = null;
        boolean end = hold.beforeEnd;
        hold.beforeEnd = false;
        hold.held = false;
        hold.buffering = false;
        Step step = callData(index, whole, end);
        if (dead || step == Step.DONE || hasEnded(index)) {
            whole.release();
            trailersAfterBody(index, hold);
            return;
        }
        hold.behind = append(hold.behind, whole);
        hold.behindEnd = end;
        if (step == Step.CONTINUE) {
            resume(index);
        } else {
            hold.held = true;
        }
    }

    /** A filter dealt with the whole body itself: it sees the trailers that came behind it. */
    private void trailersAfterBody(int index, Hold hold) {
        Headers trailers = hold.trailersBefore;
        if (!dead && trailers != null) {
            hold.trailersBefore = null;
            trailers(index, trailers);
        }
    }

    /** Filter {@code index} deals with the headers that it holds; what waits is shown to it. */
    final void takeOver(int index) {
        Hold hold = known(index);
        if (hold != null) {
            hold.headers = null;
            resume(index);
        }
    }

    /** Goes on behind filter {@code index}; what waits in front of it is shown to it. */
    final void resume(int index) {
        Hold hold = known(index);
        if (dead || hold == null) {
            return;
        }
        hold.held = false;
        hold.buffering = false;
        hold.streaming = false;
        if (hold.headers != null) {
            Headers headers = hold.headers;
            hold.headers = null;
            headers(next(index), headers, hold.headersEnd);
        }
        if (!dead && (hold.behind != null || hold.behindEnd)) {
            ByteBuf data = hold.behind != null ? hold.behind.take() : Unpooled.EMPTY_BUFFER;
            boolean end = hold.behindEnd;
            hold.behind = null;
            hold.behindEnd = false;
            data(next(index), data, end);
        }
        if (!dead && !hold.held && (hold.before != null || hold.beforeEnd)) {
            ByteBuf data = hold.before != null ? hold.before.take() : Unpooled.EMPTY_BUFFER;
            boolean end = hold.beforeEnd;
            hold.before = null;
            hold.beforeEnd = false;
            data(index, data, end);
        }
        if (!dead && !hold.held && hold.trailersBehind != null) {
            Headers trailers = hold.trailersBehind;
            hold.trailersBehind = null;
            trailers(next(index), trailers);
        } else if (!dead && !hold.held && hold.trailersBefore != null) {
            Headers trailers = hold.trailersBefore;
            hold.trailersBefore = null;
            trailers(index, trailers);
        }
        Valve source = source();
        if (!dead && hold.holdsSource && hold.size() <= limit()) {
            hold.holdsSource = false;
            source.release();
        }
    }

    final void streamWhilePaused(int index) {
        hold(index).streaming = true;
    }
}
