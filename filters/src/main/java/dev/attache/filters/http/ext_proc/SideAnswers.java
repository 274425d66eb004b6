package dev.attache.filters.http.ext_proc;

import dev.attache.filters.http.ext_proc.Answer.BodyChange;
import dev.attache.filters.http.ext_proc.Answer.Change;
import dev.attache.filters.http.ext_proc.Answer.HeaderChange;
import dev.attache.filters.http.ext_proc.ProcessingMode.BodyMode;
import dev.attache.filters.http.ext_proc.ProcessorLog.Effect;
import dev.attache.filters.http.ext_proc.Side.Awaiting;
import dev.attache.proxy.call.grpc.GrpcOutcome;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.memory.KeptBody;
import dev.attache.proxy.pipeline.Direction;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Does to one direction what the processor's answers say. Loop-confined.
 *
 * <p>Longer than files here should be: each kind of answer is a few lines over one side.
 */
final class SideAnswers {

    /**
     * Why an answer is not heeded.
     *
     * @param status gRPC's number for it, which logs show
     * @param text as details have it
     */
    record Refusal(int status, String text) {
        private static final int INVALID_ARGUMENT = 3;
        private static final int FAILED_PRECONDITION = 9;

        /** It came where none like it was asked for. */
        static Refusal spurious(String text) {
            return new Refusal(FAILED_PRECONDITION, text);
        }

        static Refusal bad(String text) {
            return new Refusal(INVALID_ARGUMENT, text);
        }

        boolean isSpurious() {
            return status == FAILED_PRECONDITION;
        }
    }

    private static final String MISMATCH =
            "mismatch between content length and the length of the mutated body";

    private static final String SPURIOUS = "spurious message";

    private final Side side;
    private final ExtProcFilter filter;

    SideAnswers(Side side) {
        this.side = side;
        this.filter = side.filter;
    }

    // ---- heads ---------------------------------------------------------------------------------

    /** Null where it is heeded. */
    @Nullable Refusal headers(Change change) {
        if (side.awaiting != Awaiting.HEADERS) {
            return Refusal.spurious(SPURIOUS);
        }
        Refusal refused = changeHead(change, Awaiting.HEADERS);
        if (refused != null) {
            return refused;
        }
        chooseRoute(change);
        side.answered(GrpcOutcome.OK, afterHeaders(change));
        if (change.replaces()) {
            replace(change);
        } else {
            goOnAfterHeaders();
        }
        return null;
    }

    private Awaiting afterHeaders(Change change) {
        if (change.replaces()) {
            return Awaiting.NOTHING;
        }
        if (side.bodyMode == BodyMode.STREAMED && !side.queue.isEmpty()) {
            return Awaiting.STREAMED_BODY;
        }
        if (side.bodyMode == BodyMode.FULL_DUPLEX_STREAMED) {
            if (side.bodyCame) {
                return Awaiting.STREAMED_BODY;
            }
            return side.trailers != null ? Awaiting.TRAILERS : Awaiting.NOTHING;
        }
        return Awaiting.NOTHING;
    }

    private @Nullable Refusal changeHead(Change change, Awaiting what) {
        Headers head = side.headers;
        HeaderChange wanted = change.headers();
        if (wanted == null || head == null) {
            return null;
        }
        HeaderChanges changes = new HeaderChanges(filter.spec().rules(), filter.stats());
        String problem =
                changes.apply(
                        wanted, head, change.replaces(), !side.losesLength(), filter.limits(side));
        filter.log().effect(side.direction, what, changes.effect());
        return problem == null ? null : Refusal.bad(problem);
    }

    private void replace(Change change) {
        BodyChange body = change.body();
        if (body != null) {
            Headers head = side.headers;
            if (head != null) {
                head.remove(HeaderName.CONTENT_LENGTH);
            }
            side.replaced = true;
            KeptBody before = side.kept;
            KeptBody after = new KeptBody(side.context.memory(), filter.allocator());
            ByteBuf was = before == null ? null : before.take();
            side.kept = after;
            after.add(changed(body, was, Awaiting.BUFFERED_BODY));
        }
        side.queue.release();
        side.bodyMode = BodyMode.NONE;
        side.sendsTrailers = false;
        side.release();
        side.headers = null;
        side.goOn();
    }

    private void goOnAfterHeaders() {
        if (!side.noBody && side.bodyMode != BodyMode.NONE && side.bodyMode != BodyMode.GRPC) {
            if (side.complete) {
                wholeBodyWaits();
                return;
            }
            switch (side.bodyMode) {
                case BUFFERED -> side.release();
                case STREAMED, FULL_DUPLEX_STREAMED -> {
                    streamKept(false);
                    side.goOn();
                }
                case BUFFERED_PARTIAL -> partOfKept();
                case NONE, GRPC -> throw new IllegalStateException("no body is sent");
            }
            return;
        }
        trailersOrOn();
    }

    /** All of the body came before the answer about the head. */
    private void wholeBodyWaits() {
        if (side.awaiting != Awaiting.NOTHING) {
            streamKept(side.trailers == null);
        } else if (side.kept != null) {
            side.askAboutKept(side.trailers == null);
            side.release();
        } else {
            trailersOrOn();
        }
    }

    private void streamKept(boolean end) {
        KeptBody waits = side.kept;
        side.kept = null;
        if (waits != null && waits.size() > 0) {
            side.sendPiece(waits.take(), end);
        }
        side.releaseIfRoom();
    }

    private void partOfKept() {
        KeptBody waits = side.kept;
        side.kept = null;
        if (waits != null && waits.size() > 0) {
            side.enqueue(waits.take(), false);
        }
        if (side.isQueueFull()) {
            side.askAboutPart(false);
        } else {
            side.release();
        }
    }

    private void trailersOrOn() {
        Headers waits = side.trailers;
        if (side.sendsTrailers && waits != null) {
            side.sendTrailers(waits);
        } else {
            side.headers = null;
            side.goOn();
        }
        side.release();
    }

    // ---- bodies --------------------------------------------------------------------------------

    /** Null where it is heeded. */
    @Nullable Refusal body(Change change) {
        boolean[] goesOn = {true};
        Refusal refused =
                switch (side.awaiting) {
                    case BUFFERED_BODY -> buffered(change);
                    case STREAMED_BODY -> streamed(change, goesOn);
                    case PARTIAL_BODY -> partial(change);
                    case NOTHING, HEADERS, TRAILERS -> Refusal.spurious(SPURIOUS);
                };
        if (refused != null) {
            return refused;
        }
        chooseRoute(change);
        side.headers = null;
        Headers waits = side.trailers;
        if (side.sendsTrailers && waits != null && side.queue.isEmpty()) {
            side.sendTrailers(waits);
        } else if (goesOn[0] || waits != null && side.queue.isEmpty()) {
            side.goOn();
        }
        return null;
    }

    private @Nullable Refusal buffered(Change change) {
        Refusal refused = changeHead(change, Awaiting.HEADERS);
        if (refused != null) {
            return refused;
        }
        BodyChange body = change.body();
        if (body != null) {
            if (!hasThatLength(body)) {
                return new Refusal(GrpcOutcome.INTERNAL, MISMATCH);
            }
            KeptBody before = side.kept;
            KeptBody after = new KeptBody(side.context.memory(), filter.allocator());
            ByteBuf was = before == null ? null : before.take();
            side.kept = after;
            after.add(changed(body, was, side.awaiting));
        }
        side.release();
        side.answered(GrpcOutcome.OK, Awaiting.NOTHING);
        return null;
    }

    private boolean hasThatLength(BodyChange body) {
        Headers head = side.headers;
        long length = head == null ? -1 : head.getLong(HeaderName.CONTENT_LENGTH);
        long wanted = body.kind() == BodyChange.Kind.REPLACE ? body.bytes().readableBytes() : 0;
        return length < 0 || length == wanted;
    }

    private @Nullable Refusal streamed(Change change, boolean[] goesOn) {
        BodyChange body = change.body();
        boolean duplex = side.bodyMode == BodyMode.FULL_DUPLEX_STREAMED;
        if (body != null && body.kind() == BodyChange.Kind.STREAM) {
            if (!duplex) {
                return Refusal.spurious(
                        "spurious message: streamed_response is received while body_mode_ is not"
                                + " FULL_DUPLEX_STREAMED");
            }
            goesOn[0] = body.end();
            side.pass(body.bytes(), body.end());
            filter.log().effect(side.direction, side.awaiting, Effect.APPLIED);
            side.answered(GrpcOutcome.OK, body.end() ? Awaiting.NOTHING : Awaiting.STREAMED_BODY);
            return null;
        }
        if (duplex) {
            return Refusal.spurious(
                    "spurious message: Normal body mutation response is received while body_mode_"
                            + " is FULL_DUPLEX_STREAMED");
        }
        ChunkQueue.Chunk chunk = side.queue.poll();
        if (chunk == null) {
            return Refusal.spurious(SPURIOUS);
        }
        goesOn[0] = chunk.end();
        side.pass(changed(body, chunk.data(), side.awaiting), chunk.end());
        side.releaseIfRoom();
        side.answered(GrpcOutcome.OK, side.queue.isEmpty() ? Awaiting.NOTHING : side.awaiting);
        return null;
    }

    private @Nullable Refusal partial(Change change) {
        Refusal refused = changeHead(change, Awaiting.HEADERS);
        if (refused != null) {
            return refused;
        }
        ChunkQueue.Chunk chunk = side.queue.poll();
        if (chunk == null) {
            return Refusal.spurious(SPURIOUS);
        }
        ByteBuf data = changed(change.body(), chunk.data(), side.awaiting);
        if (data.isReadable()) {
            side.pass(data, chunk.end());
        } else {
            data.release();
        }
        side.answered(GrpcOutcome.OK, Awaiting.NOTHING);
        ChunkQueue.Chunk rest = side.queue.merge();
        if (rest != null) {
            side.queue.poll();
            side.pass(rest.data(), rest.end());
        }
        if (side.complete && side.trailers == null && !side.endPassed) {
            side.pass(Unpooled.EMPTY_BUFFER, true);
        }
        side.release();
        side.partDone = true;
        return null;
    }

    /** The body as it goes on; takes ownership of what it was. */
    private ByteBuf changed(@Nullable BodyChange body, @Nullable ByteBuf was, Awaiting what) {
        ByteBuf now =
                switch (body == null ? BodyChange.Kind.KEEP : body.kind()) {
                    case REPLACE -> body == null ? null : body.bytes();
                    case CLEAR -> Unpooled.EMPTY_BUFFER;
                    case KEEP, STREAM -> null;
                };
        if (now == null) {
            return was == null ? Unpooled.EMPTY_BUFFER : was;
        }
        if (was != null) {
            was.release();
        }
        filter.log().effect(side.direction, what, Effect.APPLIED);
        return now;
    }

    // ---- trailers ------------------------------------------------------------------------------

    /** Null where it is heeded. */
    @Nullable Refusal trailers(@Nullable HeaderChange change) {
        if (side.awaiting != Awaiting.TRAILERS && side.bodyMode != BodyMode.FULL_DUPLEX_STREAMED) {
            return Refusal.spurious(SPURIOUS);
        }
        side.awaiting = Awaiting.TRAILERS;
        Headers waits = side.trailers;
        if (change != null && waits != null) {
            HeaderChanges changes = new HeaderChanges(filter.spec().rules(), filter.stats());
            String problem = changes.apply(change, waits, false, true, filter.limits(side));
            filter.log().effect(side.direction, Awaiting.TRAILERS, changes.effect());
            if (problem != null) {
                return Refusal.bad(problem);
            }
        }
        side.answered(GrpcOutcome.OK, Awaiting.NOTHING);
        side.goOn();
        return null;
    }

    // ---- routes --------------------------------------------------------------------------------

    private void chooseRoute(Change change) {
        if (side.direction == Direction.RESPONSE) {
            return;
        }
        if (filter.spec().upstream()) {
            if (change.clearsRoute()) {
                filter.stats().inc(ExtProcStats.Count.CLEAR_ROUTE_CACHE_UPSTREAM_IGNORED);
            }
            return;
        }
        if (change.headers() == null) {
            if (change.clearsRoute()) {
                filter.stats().inc(ExtProcStats.Count.CLEAR_ROUTE_CACHE_IGNORED);
            }
            return;
        }
        switch (filter.spec().heeding().route()) {
            case DEFAULT -> {
                if (change.clearsRoute()) {
                    side.context.clearRoute();
                }
            }
            case CLEAR -> side.context.clearRoute();
            case RETAIN -> {
                if (change.clearsRoute()) {
                    filter.stats().inc(ExtProcStats.Count.CLEAR_ROUTE_CACHE_DISABLED);
                }
            }
        }
    }
}
