package dev.attache.proxy.router;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.pipeline.AttemptOwner;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.FilterPipeline;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The upstream filters of one attempt: the request passes them before the codec, the response
 * before the router. They see the headers of the client's request, not a copy, so what one changes
 * is there in the next attempt too, as in Envoy. Owned by the attempt; loop-confined.
 */
final class AttemptFilters extends AttemptOwner {

    private final UpstreamRequest attempt;
    private final Forwarding router;
    private final UpstreamChain chain;
    private final long bufferLimit;
    private final FilterPipeline pipeline;
    private final ToRouter toRouter = new ToRouter();

    /** Where the codec puts the response; there once the request's head has come through. */
    private @Nullable HttpSink response;

    private boolean complete;
    private boolean ended;

    /**
     * @param stream the context of the router
     */
    AttemptFilters(
            UpstreamRequest attempt,
            Forwarding router,
            FilterContext stream,
            UpstreamChain chain,
            long bufferLimit) {
        super(stream);
        this.attempt = attempt;
        this.router = router;
        this.chain = chain;
        this.bufferLimit = bufferLimit;
        this.pipeline = chain.enter(this, new Codec());
    }

    // ---- from the router

    void requestHeaders(Headers headers, boolean end) {
        pipeline.requestHeaders(headers, end);
    }

    /** Takes ownership. */
    void requestData(ByteBuf data, boolean end) {
        if (end && pipeline.endIsApart(data)) {
            pipeline.requestData(data, false);
            pipeline.requestData(Unpooled.EMPTY_BUFFER, true);
        } else {
            pipeline.requestData(data, end);
        }
    }

    void requestTrailers(Headers trailers) {
        pipeline.requestTrailers(trailers);
    }

    // ---- from the codec

    /** Where what the upstream answers begins its way back. */
    HttpSink response() {
        HttpSink sink = response;
        if (sink == null) {
            throw new IllegalStateException("an answer to a request that was not sent");
        }
        return sink;
    }

    /** The attempt is over, or given up: nothing comes of its filters any more. Idempotent. */
    void end() {
        if (!ended) {
            ended = true;
            pipeline.end(complete ? StreamEnd.COMPLETE : StreamEnd.LOCAL_RESET);
            chain.leave();
        }
    }

    @Override
    public HttpSink responseSink() {
        return toRouter;
    }

    /** Past all upstream filters, to the client. */
    @Override
    public void localReply(LocalReply reply) {
        router.onFilterReply(attempt, reply);
    }

    @Override
    public long bufferLimit() {
        return bufferLimit;
    }

    /** The end of the request's way. */
    private final class Codec implements HttpFilter {

        @Override
        public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
            response = context.response();
            attempt.onFilters(context);
            attempt.write(headers, end);
            return Step.DONE;
        }

        @Override
        public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
            attempt.write(data.retain(), end);
            return Step.DONE;
        }

        @Override
        public Step onRequestTrailers(Headers trailers, FilterContext context) {
            attempt.writeTrailers(trailers);
            return Step.DONE;
        }
    }

    /** The end of the response's way. */
    private final class ToRouter implements HttpSink {

        @Override
        public void informational(Headers headers) {
            router.onInformational(attempt, headers);
        }

        @Override
        public void headers(Headers headers, boolean end) {
            if (headers.getLong(HeaderName.STATUS) < 0) {
                localReply(LocalReply.WITHOUT_STATUS);
                return;
            }
            complete |= end;
            router.onHeaders(attempt, headers, end, now());
        }

        @Override
        public void data(ByteBuf data, boolean end) {
            complete |= end;
            router.onData(attempt, data, end, now());
        }

        @Override
        public void trailers(Headers trailers) {
            complete = true;
            router.onTrailers(attempt, trailers, now());
        }

        /** Filters may have held it for a while. */
        private long now() {
            return connection().worker().nanoTime();
        }

        @Override
        public void reset(ResetReason why) {
            attempt.abandon();
            router.onReset(attempt, why, null);
        }
    }
}
