package dev.attache.filters.http.lua;

import dev.attache.filters.http.lua.exchange.Question;
import dev.attache.filters.http.lua.exchange.ScriptBody;
import dev.attache.filters.lua.LuaState;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.stream.UpstreamInfo;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A script's function on one direction of a stream: its coroutine, and what it waits for. What of
 * the body waits with it is its {@link ScriptBody}. Loop-confined.
 *
 * <p>Where the head is held, the pipeline shows the body all the same, and this gathers it: with
 * the limit of a body where the script waits for one, with the source held beyond it where the
 * script waits for an answer.
 *
 * <p>Longer than files here should be: what arrives while the script waits for something else is
 * one table.
 */
final class ScriptRun {

    /** What the script waits for. */
    enum State {
        RUNNING,
        BODY,
        CHUNK,
        TRAILERS,
        CALL,
        RESPONDED,
        OVER
    }

    private final LuaFilter filter;
    private final ScriptState script;
    private final FilterContext stream;
    private final Direction direction;
    private final Headers headers;
    private final Answers answers;
    private final ScriptBody body;
    private final int ref;

    private State state = State.RUNNING;
    private boolean endStream;
    private boolean sawBody;
    private boolean bufferedBody;
    private boolean headersContinued;
    private boolean headHeld;
    private boolean starting;
    private boolean trailersHeld;
    private boolean enlisted;
    private @Nullable Headers trailers;
    private @Nullable LocalReply reply;

    ScriptRun(
            LuaFilter filter,
            ScriptState script,
            FilterContext stream,
            Direction direction,
            Headers headers) {
        this.filter = filter;
        this.script = script;
        this.stream = stream;
        this.direction = direction;
        this.headers = headers;
        this.body = new ScriptBody(stream, direction);
        this.ref = script.enlist(this);
        this.enlisted = true;
        this.answers = new Answers(this);
    }

    LuaFilter filter() {
        return filter;
    }

    FilterContext stream() {
        return stream;
    }

    LuaState lua() {
        return script.lua();
    }

    boolean isRequest() {
        return direction == Direction.REQUEST;
    }

    Headers headers() {
        return headers;
    }

    ScriptBody body() {
        return body;
    }

    @Nullable Headers trailers() {
        return trailers;
    }

    boolean headersContinued() {
        return headersContinued;
    }

    int answer(Question question, double number, MemorySegment text, MemorySegment more) {
        return answers.answer(question, number, text, more);
    }

    Step start(boolean end) {
        endStream = end;
        starting = true;
        filter.stats().executions.inc();
        int outcome = script.start(ref, isRequest());
        Step step = afterStart(outcome, end);
        starting = false;
        return step;
    }

    private Step afterStart(int outcome, boolean end) {
        advance(outcome);
        return switch (state) {
            case RESPONDED -> respond();
            case BODY, CALL -> {
                headHeld = true;
                stream.streamWhilePaused(direction);
                yield Step.PAUSE;
            }
            default -> {
                headersContinued = true;
                ByteBuf made = body.isLookedAt() ? body.take() : null;
                if (made == null) {
                    yield Step.CONTINUE;
                }
                // A body where none was.
                stream.injectHeaders(direction, headers, false);
                stream.inject(direction, made, true);
                yield Step.DONE;
            }
        };
    }

    /** The script has run: it ended, waits, or failed. */
    private void advance(int outcome) {
        if (outcome == ScriptState.FAILED) {
            filter.failed(script.lua().failure());
        } else if (outcome == ScriptState.ENDED) {
            ended();
        } else if (state == State.RUNNING) {
            filter.failed("script performed an unexpected yield");
        } else {
            body.putBack();
        }
        if (reply != null) {
            state = State.RESPONDED; // whatever the script did behind it
        }
    }

    /** What coroutines of the script's own have begun still counts, as in Envoy. */
    private void ended() {
        if (state == State.CALL) {
            body.putBack();
            delist();
        } else {
            over();
        }
    }

    private void goOn() {
        state = State.RUNNING;
        advance(script.goOn(ref));
    }

    /** A script of this stream has failed. */
    void abandon() {
        answers.cancel();
        State waited = state;
        over();
        boolean held = waited == State.CALL || waited == State.BODY;
        if (held && !starting && reply == null) {
            letGoOn();
        }
    }

    private void over() {
        state = State.OVER;
        delist();
    }

    private void delist() {
        if (enlisted) {
            enlisted = false;
            script.letGo(ref);
        }
    }

    Step onData(ByteBuf data, boolean end) {
        return switch (state) {
            case CALL -> {
                gather(data, end);
                body.holdSourceIfFull();
                yield Step.DONE;
            }
            case BODY -> onWantedBody(data, end);
            case CHUNK -> {
                sawBody = true;
                body.piece(data);
                if (end && data.isReadable() && endComesApart()) {
                    yield onLastPiece(data);
                }
                endStream = end;
                goOn();
                yield afterData(data, end);
            }
            case TRAILERS -> {
                endStream = end;
                sawBody = true;
                if (end) {
                    goOn();
                }
                yield afterData(data, end);
            }
            case RESPONDED -> Step.DONE;
            case RUNNING, OVER -> {
                endStream = end;
                sawBody = true;
                yield afterData(data, end);
            }
        };
    }

    /** HTTP/1, where Envoy's filters see the end behind the last piece. */
    private boolean endComesApart() {
        if (isRequest()) {
            Protocol spoken = stream.info().protocol();
            return spoken != null && !spoken.multiplexed();
        }
        UpstreamInfo upstream = stream.info().upstream();
        String spoken = upstream == null ? null : upstream.protocol;
        return spoken != null && !spoken.equals(Protocol.HTTP2.text());
    }

    /** Shows the last piece, then the end with nothing. */
    private Step onLastPiece(ByteBuf data) {
        goOn();
        if (state == State.OVER) {
            endStream = true;
            return afterData(data, true);
        }
        if (afterData(data, false) == Step.CONTINUE) {
            stream.inject(direction, data.retainedSlice(), false);
        }
        if (onData(Unpooled.EMPTY_BUFFER, true) == Step.CONTINUE) {
            stream.inject(direction, Unpooled.EMPTY_BUFFER, true);
        }
        return Step.DONE;
    }

    private Step onWantedBody(ByteBuf data, boolean end) {
        gather(data, end);
        if (!refuseIfTooLarge() && end) {
            goOn();
            afterEvent();
        }
        return Step.DONE;
    }

    /** What the script waits for is the whole body, and more than may be gathered. */
    private boolean refuseIfTooLarge() {
        if (state != State.BODY || !body.isTooLarge()) {
            return false;
        }
        over();
        body.release();
        stream.tooLarge(direction);
        return true;
    }

    private Step afterData(ByteBuf data, boolean end) {
        ByteBuf replacement = body.takeReplacement();
        if (state == State.CALL || state == State.RESPONDED || body.waits()) {
            body.add(replacement != null ? replacement : data.retainedSlice());
            if (state == State.CALL) {
                body.holdSourceIfFull();
            } else if (state == State.RESPONDED) {
                return respond();
            } else {
                letGoOn();
            }
            return Step.DONE;
        }
        headersContinued = true;
        headHeld = false;
        if (replacement != null) {
            stream.inject(direction, replacement, end);
            return Step.DONE;
        }
        return Step.CONTINUE;
    }

    Step onTrailers(Headers received) {
        endStream = true;
        trailers = received;
        if (state == State.CHUNK || state == State.BODY) {
            goOn();
        }
        if (state == State.TRAILERS) {
            goOn();
        }
        if (state == State.CALL) {
            trailersHeld = true;
            return Step.PAUSE;
        }
        if (state == State.RESPONDED) {
            return respond();
        }
        flush(false);
        return Step.CONTINUE;
    }

    /** The answer to a call is there. */
    void onCallEnded() {
        if (state != State.CALL) {
            return; // another coroutine of the script has called, and this one waits for something
            // else
        }
        if (enlisted) {
            goOn();
        } else {
            state = State.RUNNING;
            filter.failed("attempt to call a nil value"); // in Envoy's words: none waits any more
        }
        afterEvent();
    }

    private void afterEvent() {
        if (state == State.RESPONDED) {
            respond();
        } else if (state == State.OVER) {
            letGoOn();
        } else if (state != State.CALL) {
            body.releaseSource(); // it waits for what is still to come
            refuseIfTooLarge();
        }
    }

    /** What is held goes on. */
    private void letGoOn() {
        boolean ended = endStream && trailers == null;
        body.releaseSource();
        flush(ended);
        if (headHeld || trailersHeld) {
            headHeld = false;
            trailersHeld = false;
            stream.resume(direction);
        }
    }

    private void flush(boolean end) {
        headersContinued = true;
        ByteBuf whole = body.take();
        if (whole != null) {
            if (end) {
                headHeld = false;
            }
            stream.inject(direction, whole, end);
        }
    }

    private Step respond() {
        LocalReply answer = reply;
        reply = null;
        over();
        body.release();
        return answer == null ? Step.DONE : stream.respond(answer);
    }

    private void gather(ByteBuf data, boolean end) {
        body.add(data.retainedSlice());
        endStream = end;
    }

    /** The stream is over. */
    void close() {
        answers.cancel();
        state = State.OVER;
        body.release();
        delist();
    }

    // What the script asks about its message.

    /** {@code body()}. */
    int wantBody(boolean always) {
        LuaState lua = lua();
        if (endStream) {
            if (!bufferedBody && sawBody) {
                return lua.error("cannot call body() after body has been streamed");
            }
            if (!body.isLookedAt() && !body.waits()) {
                if (!always) {
                    return LuaState.NOTHING;
                }
                body.make();
            }
            return LuaState.NIL;
        }
        if (sawBody) {
            return lua.error("cannot call body() after body streaming has started");
        }
        bufferedBody = true;
        state = State.BODY;
        return LuaState.YIELD;
    }

    /** {@code bodyChunks()}. */
    int wantChunks() {
        return sawBody || bufferedBody || body.waits()
                ? lua().error("cannot call bodyChunks after body processing has begun")
                : LuaState.NOTHING;
    }

    /** The iterator of pieces. */
    int wantChunk() {
        if (endStream) {
            return LuaState.NOTHING;
        }
        state = State.CHUNK;
        return LuaState.YIELD;
    }

    int hasChunk() {
        return body.hasPiece() ? LuaState.NIL : LuaState.NOTHING;
    }

    /** {@code trailers()}. */
    int wantTrailers() {
        if (trailers != null) {
            return LuaState.NIL;
        }
        if (endStream) {
            return LuaState.NOTHING;
        }
        state = State.TRAILERS;
        return LuaState.YIELD;
    }

    void waitForCall() {
        state = State.CALL;
    }

    void responded(LocalReply with) {
        state = State.RESPONDED;
        reply = with;
    }
}
