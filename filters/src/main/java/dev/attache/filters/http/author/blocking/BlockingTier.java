package dev.attache.filters.http.author.blocking;

import dev.attache.filter.BlockingFilter;
import dev.attache.filter.Response;
import dev.attache.filters.http.author.stream.AuthorContext;
import dev.attache.filters.http.author.stream.AuthorScope;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.worker.Faults;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A blocking filter on one stream: holds request and response while the author's code runs on a
 * virtual thread, and does on the worker what that asks for. Loop-confined.
 */
public final class BlockingTier implements HttpFilter {
    private final BlockingFilter filter;
    private final AuthorScope scope;
    private @Nullable StreamTurns turns;
    private @Nullable AuthorContext stream;
    private @Nullable HeldMessage request;
    private @Nullable HeldMessage response;

    /** The author's code waits for the response. */
    private @Nullable Turn<Response> proceeding;

    /** It has returned, or nobody listens to it any more: messages pass by. */
    private boolean over;

    public BlockingTier(BlockingFilter filter, AuthorScope scope) {
        this.filter = filter;
        this.scope = scope;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        AuthorContext own = new AuthorContext(context, scope);
        StreamTurns thread = new StreamTurns(scope.loop());
        HeldMessage held = new HeldMessage(Direction.REQUEST, headers, end, context, thread);
        stream = own;
        turns = thread;
        request = held;
        BlockingChain chain = new BlockingChain(this, own, held, thread);
        thread.start(
                context.filterName(),
                filter.getClass().getClassLoader(),
                () -> {
                    handle(new HeldRequest(held), chain, thread, context);
                });
        return held.hold();
    }

    /** On the virtual thread. */
    private void handle(
            HeldRequest of, BlockingChain chain, StreamTurns thread, FilterContext context) {
        try {
            Response answer =
                    Objects.requireNonNull(
                            filter.handle(of, chain), "BlockingFilter.handle returned null");
            thread.last(() -> last(() -> finish(answer, context), context));
        } catch (Throwable e) {
            thread.last(() -> last(() -> fail(e), context));
        }
    }

    /** On the loop, unless nobody listens any more; what it throws costs the stream. */
    private void last(Runnable task, FilterContext context) {
        if (!over) {
            over = true;
            context.guarded(task).run();
        }
    }

    private static void fail(Throwable thrown) {
        Faults.contain(thrown);
        throw new HandlerException(thrown);
    }

    /** Lets the request go on; the turn is over when the response's head is there. */
    void proceed(Turn<Response> turn) {
        HeldMessage held = Objects.requireNonNull(request);
        if (proceeding != null || response != null) {
            throw new IllegalStateException("the request has gone on before");
        }
        proceeding = turn;
        held.pass();
    }

    /** What the author's code has returned goes to the client. */
    private void finish(Response answer, FilterContext context) {
        HeldMessage came = response;
        if (answer instanceof HeldResponse(HeldMessage whose) && whose == came) {
            came.pass();
        } else if (answer instanceof OwnAnswer own) {
            context.info().responseCodeDetails(details(context));
            if (came != null) {
                came.passInstead(head(own), own.body());
            } else {
                send(own, context);
            }
        } else {
            throw new IllegalStateException("handle returned a response of another stream");
        }
    }

    private static String details(FilterContext context) {
        return "filter_answer{" + context.filterName().replace(' ', '_') + "}";
    }

    private static void send(OwnAnswer answer, FilterContext context) {
        Headers head = head(answer);
        byte[] body = answer.body();
        context.response().headers(head, body.length == 0);
        if (body.length > 0) {
            context.response().data(Unpooled.wrappedBuffer(body), true);
        }
    }

    private static Headers head(OwnAnswer answer) {
        Headers head = new Headers(MessagePart.RESPONSE);
        head.add(HeaderName.STATUS, answer.status());
        head.addAll(answer.fields());
        head.set(HeaderName.STATUS, answer.status());
        if (answer.body().length > 0 || (answer.status() != 204 && answer.status() != 304)) {
            head.set(HeaderName.CONTENT_LENGTH, answer.body().length);
        }
        return head;
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        HeldMessage held = request;
        return held == null ? Step.CONTINUE : held.data(data, end);
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext context) {
        HeldMessage held = request;
        return held == null ? Step.CONTINUE : held.trailers(trailers);
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        Turn<Response> waiting = proceeding;
        StreamTurns thread = turns;
        if (over || waiting == null || thread == null) {
            // Somebody else answered while the author's code had the request.
            abandon();
            return Step.CONTINUE;
        }
        proceeding = null;
        HeldMessage held = new HeldMessage(Direction.RESPONSE, headers, end, context, thread);
        response = held;
        waiting.done(new HeldResponse(held));
        return held.hold();
    }

    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
        HeldMessage held = response;
        return held == null ? Step.CONTINUE : held.data(data, end);
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext context) {
        HeldMessage held = response;
        return held == null ? Step.CONTINUE : held.trailers(trailers);
    }

    @Override
    public void onLocalReply(LocalReply reply, FilterContext context) {
        if (proceeding == null) {
            abandon();
        }
    }

    /** The author's code is interrupted; what it returns does not matter any more. */
    private void abandon() {
        over = true;
        if (turns != null) {
            turns.end();
        }
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        abandon();
        if (stream != null) {
            stream.end();
        }
        if (request != null) {
            request.release();
        }
        if (response != null) {
            response.release();
        }
    }

    /** What a blocking filter threw, with its own stack. */
    private static final class HandlerException extends RuntimeException {
        private static final long serialVersionUID = 1;

        HandlerException(Throwable thrown) {
            super(Faults.text(thrown), thrown, false, false);
        }
    }
}
