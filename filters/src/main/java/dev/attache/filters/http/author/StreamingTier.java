package dev.attache.filters.http.author;

import dev.attache.filter.Reply;
import dev.attache.filter.StreamHandler;
import dev.attache.filters.http.author.stream.AuthorContext;
import dev.attache.filters.http.author.stream.AuthorScope;
import dev.attache.filters.http.author.stream.GuardedChunk;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A streaming filter on one stream. */
final class StreamingTier implements HttpFilter {
    private final StreamHandler handler;
    private final AuthorScope scope;
    private @Nullable AuthorContext stream;

    StreamingTier(StreamHandler handler, AuthorScope scope) {
        this.handler = Objects.requireNonNull(handler, "StreamingFilter.newStream returned null");
        this.scope = scope;
    }

    private AuthorContext stream(FilterContext context) {
        AuthorContext known = stream;
        if (known == null) {
            known = new AuthorContext(context, scope);
            stream = known;
        }
        return known;
    }

    private static Step engine(dev.attache.filter.Step step) {
        return switch (step) {
            case CONTINUE -> Step.CONTINUE;
            case PAUSE -> Step.PAUSE;
            case BUFFER -> Step.BUFFER;
            case DONE -> Step.DONE;
        };
    }

    /** What a filter says counts unless it has answered: then nothing goes on. */
    private static Step after(
            dev.attache.filter.@Nullable Step step,
            boolean before,
            AuthorContext own,
            String callback) {
        if (own.replied() && !before) {
            return Step.DONE;
        }
        if (step == null) {
            throw new IllegalStateException(
                    "%s of filter '%s' returned null: it says what is next, such as Step.CONTINUE"
                            .formatted(callback, own.filterName()));
        }
        return engine(step);
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        AuthorContext own = stream(context);
        boolean before = own.replied();
        return after(
                handler.onRequestHeaders(own.wrap(headers), end, own),
                before,
                own,
                "onRequestHeaders");
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        return data(data, end, context, Direction.REQUEST);
    }

    private Step data(ByteBuf data, boolean end, FilterContext context, Direction direction) {
        AuthorContext own = stream(context);
        boolean before = own.replied();
        GuardedChunk chunk = new GuardedChunk(data);
        Step step;
        try {
            dev.attache.filter.Step said =
                    direction == Direction.REQUEST
                            ? handler.onRequestData(chunk, end, own)
                            : handler.onResponseData(chunk, end, own);
            step =
                    after(
                            said,
                            before,
                            own,
                            direction == Direction.REQUEST ? "onRequestData" : "onResponseData");
        } finally {
            chunk.close();
        }
        ByteBuf other = chunk.replacement();
        if (other == null || step != Step.CONTINUE) {
            return step;
        }
        context.inject(direction, other, end);
        return Step.DONE;
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext context) {
        AuthorContext own = stream(context);
        boolean before = own.replied();
        return after(
                handler.onRequestTrailers(own.wrap(trailers), own),
                before,
                own,
                "onRequestTrailers");
    }

    @Override
    public void onResponseInformational(Headers headers, FilterContext context) {
        AuthorContext own = stream(context);
        handler.onResponseInformational(own.wrap(headers), own);
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        AuthorContext own = stream(context);
        boolean before = own.replied();
        return after(
                handler.onResponseHeaders(own.wrap(headers), end, own),
                before,
                own,
                "onResponseHeaders");
    }

    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
        return data(data, end, context, Direction.RESPONSE);
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext context) {
        AuthorContext own = stream(context);
        boolean before = own.replied();
        return after(
                handler.onResponseTrailers(own.wrap(trailers), own),
                before,
                own,
                "onResponseTrailers");
    }

    @Override
    public void onLocalReply(LocalReply reply, FilterContext context) {
        Reply said = Reply.of(reply.status(), reply.body()).details(reply.details());
        for (LocalReply.Field field : reply.headers()) {
            said = said.header(field.name().toString(), field.value());
        }
        handler.onLocalReply(said, stream(context));
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        AuthorContext own = stream(context);
        try {
            handler.onStreamEnd(
                    switch (why) {
                        case COMPLETE -> dev.attache.filter.StreamEnd.COMPLETE;
                        case DOWNSTREAM_RESET -> dev.attache.filter.StreamEnd.CLIENT_GONE;
                        case LOCAL_RESET -> dev.attache.filter.StreamEnd.GIVEN_UP;
                    },
                    own);
        } finally {
            own.end();
        }
    }
}
