package dev.attache.proxy.router;

import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.FilterPipeline;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.pipeline.StreamOwner;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.FilterOverride;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.upstream.CallPassage;
import dev.attache.proxy.upstream.PassingCall;
import dev.attache.proxy.worker.FaultLog;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.local.LocalChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The upstream filters of one attempt of a call, which comes from no client: they find a stream of
 * its own, as those of Envoy's async client do, without a route and without addresses. Owned by the
 * attempt; loop-confined.
 *
 * <p>Longer than files here should be: it is both what the filters and what the attempt see of one
 * another.
 */
final class CallFilters implements StreamOwner, CallPassage {

    private static final FaultLog FAULTS = new FaultLog("filter");

    private static final PipeAddress NOWHERE = new PipeAddress("");

    private final PassingCall attempt;
    private final UpstreamChain chain;
    private final HttpFilterScope scope;
    private final Connection connection;
    private final StreamInfo info;
    private final FilterPipeline pipeline;
    private final ToCall toCall = new ToCall();
    private @Nullable HttpSink response;
    private boolean complete;
    private boolean ended;

    CallFilters(PassingCall attempt, UpstreamChain chain, HttpFilterScope scope) {
        this.attempt = attempt;
        this.chain = chain;
        this.scope = scope;
        WorkerContext worker = scope.worker();
        ConnectionInfo nobody =
                new ConnectionInfo(
                        0, System.currentTimeMillis(), worker.nanoTime(), NOWHERE, NOWHERE);
        this.connection = new Connection(new LocalChannel(), worker, nobody, new Silence());
        this.info = new StreamInfo(nobody, nobody.startTimeMillis(), nobody.startNanos());
        info.protocol(Protocol.HTTP11);
        info.attemptCount = attempt.attemptCount();
        info.upstream(attempt.upstream());
        info.clusterName = attempt.cluster().name();
        info.clusterObservabilityName = attempt.cluster().altStatName();
        info.clusterMetadata = attempt.cluster().metadata();
        this.pipeline = chain.enter(this, new Codec());
    }

    /** Nobody is at the other end. */
    private static final class Silence implements ConnectionHandler {
        @Override
        public void onData(ByteBuf data, boolean end) {
            data.release();
        }

        @Override
        public void onClosed(ConnectionEvent event) {
            // It was never open.
        }
    }

    // ---- from the call

    @Override
    public void requestHeaders(Headers headers, boolean end) {
        pipeline.requestHeaders(headers, end);
    }

    @Override
    public void requestData(ByteBuf data, boolean end) {
        if (end && pipeline.endIsApart(data)) {
            pipeline.requestData(data, false);
            pipeline.requestData(Unpooled.EMPTY_BUFFER, true);
        } else {
            pipeline.requestData(data, end);
        }
    }

    @Override
    public void requestTrailers(Headers trailers) {
        pipeline.requestTrailers(trailers);
    }

    @Override
    public HttpSink response() {
        HttpSink sink = response;
        if (sink == null) {
            throw new IllegalStateException("an answer to a request that was not sent");
        }
        return sink;
    }

    @Override
    public void end() {
        if (!ended) {
            ended = true;
            info.endNanos = scope.worker().nanoTime();
            pipeline.end(complete ? StreamEnd.COMPLETE : StreamEnd.LOCAL_RESET);
            chain.leave();
        }
    }

    /** The end of the request's way. */
    private final class Codec implements HttpFilter {

        @Override
        public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
            response = context.response();
            String missing = RequiredHeaders.missing(headers);
            if (missing != null) {
                return context.respond(RequiredHeaders.reply(missing));
            }
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
    private final class ToCall implements HttpSink {

        @Override
        public void informational(Headers headers) {
            attempt.passed().informational(headers);
        }

        @Override
        public void headers(Headers headers, boolean end) {
            if (headers.getLong(HeaderName.STATUS) < 0) {
                localReply(LocalReply.WITHOUT_STATUS);
                return;
            }
            complete |= end;
            attempt.passed().headers(headers, end);
        }

        @Override
        public void data(ByteBuf data, boolean end) {
            complete |= end;
            attempt.passed().data(data, end);
        }

        @Override
        public void trailers(Headers trailers) {
            complete = true;
            attempt.passed().trailers(trailers);
        }

        @Override
        public void reset(ResetReason why) {
            attempt.passed().reset(why);
        }
    }

    // ---- what the filters find around them

    @Override
    public HttpSink responseSink() {
        return toCall;
    }

    /** Past all upstream filters, to who has made the call. */
    @Override
    public void localReply(LocalReply reply) {
        Headers head = new Headers(MessagePart.RESPONSE);
        head.add(HeaderName.STATUS, reply.status());
        for (LocalReply.Field field : reply.headers()) {
            head.add(field.name(), field.value());
        }
        byte[] body = reply.body().getBytes(StandardCharsets.ISO_8859_1);
        if (body.length > 0) {
            head.set(HeaderName.CONTENT_LENGTH, body.length);
            head.setIfAbsent(HeaderName.CONTENT_TYPE, "text/plain");
        }
        attempt.reply(head, body);
    }

    @Override
    public StreamInfo info() {
        return info;
    }

    @Override
    public MemoryAccount memory() {
        return attempt.memory();
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public Headers requestHeaders() {
        return attempt.requestHeaders();
    }

    @Override
    public @Nullable Route route() {
        return null;
    }

    @Override
    public @Nullable ClusterSelection cluster() {
        return null;
    }

    @Override
    public void clearRoute() {
        // There is none.
    }

    @Override
    public @Nullable FilterOverride override(String filterName) {
        return null;
    }

    @Override
    public void recreate(@Nullable ByteBuf body, Headers answer) {
        if (body != null) {
            body.release();
        }
        throw new IllegalStateException("an upstream filter cannot begin the request again");
    }

    @Override
    public ScopedCalls calls() {
        return scope.calls();
    }

    @Override
    public Valve requestSource() {
        return attempt;
    }

    @Override
    public void responseSource(Valve source) {
        // The call holds what its attempt has opened.
    }

    @Override
    public long bufferLimit() {
        return attempt.bufferLimit();
    }

    @Override
    public void filterFailed(String filter, String callback, Throwable why) {
        FAULTS.error("filter '" + filter + "' threw in " + callback + " of a side call", why);
    }

    @Override
    public void onUnanswered() {
        throw new IllegalStateException("the codec stands behind all upstream filters");
    }
}
