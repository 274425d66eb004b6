package dev.attache.proxy.network.http;

import dev.attache.proxy.accesslog.AccessLogs;
import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.RequestSink;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.network.http.StreamTimers.Expiry;
import dev.attache.proxy.network.http.request.Upgrades;
import dev.attache.proxy.network.http.stats.HttpManagerStats;
import dev.attache.proxy.network.http.stats.HttpManagerStats.Count;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterPipeline;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.OpenedFilters;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.pipeline.StreamOwner;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.FilterOverride;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.FormatContext.AccessLogType;
import dev.attache.proxy.tracing.StreamTrace;
import dev.attache.proxy.worker.FaultListener;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response: from the codec through the filters and back. Owned by its
 * connection manager; loop-confined; ends once, with {@link #finish}, which writes the access log.
 *
 * <p>Longer than files here should be: it stands between the codec, the filters and the router, and
 * is what each of them knows of the stream.
 */
final class ActiveStream implements RequestSink, StreamOwner, StreamTimers.Listener, FaultListener {

    /** What the objects of a request take of the heap while it lasts, in bytes. */
    private static final int PRICE = 3 * 1024;

    /** Namespace of what we say of a stream in its dynamic metadata. */
    private static final String OWN_METADATA = "attache";

    private final StreamHost host;
    private final HttpConnectionManagerFactory chain;
    private final HttpManagerStats stats;
    private final WorkerContext worker;
    private final HttpConnectionManagerSpec spec;
    private final HttpStream stream;
    private final MemoryAccount account;
    private int held;
    private final StreamInfo info;
    private final StreamTimers timers;
    private final ResponseHold hold;
    private final ResponseSide responseSide = new ResponseSide();
    private @Nullable FilterPipeline pipeline;
    private final StreamRoute route;

    /** Null where nothing is traced. */
    private final @Nullable TracedStream tracing;

    /** Null until its head is whole; see {@link #requestHeaders}. */
    private @Nullable Headers request;

    /** Null where no decision is kept or told. */
    private @Nullable StreamRecord record;

    private @Nullable Headers response;
    private @Nullable Headers trailers;
    private @Nullable Valve requestSource;
    private boolean requestEnd;
    private boolean responseStarted;
    private boolean answeredLocally;
    private boolean upgraded;
    private boolean brokenRequest;
    private boolean closeAfterReply;
    private boolean informed;
    private boolean finished;

    /** Its neighbours among the streams of its connection, which {@link OpenStreams} links. */
    @Nullable ActiveStream before;

    @Nullable ActiveStream after;

    /** The stream that an internal redirect made of this one; the codec still calls this one. */
    private @Nullable ActiveStream successor;

    /**
     * @param chain whose settings, filters and statistics are this stream's
     * @param info what is known of it as it begins
     */
    ActiveStream(
            StreamHost host,
            HttpConnectionManagerFactory chain,
            StreamInfo info,
            HttpStream stream) {
        this.host = host;
        this.chain = chain;
        this.stats = chain.stats();
        this.worker = host.connection().worker();
        this.spec = chain.spec();
        this.stream = stream;
        this.account = stream.account();
        hold(PRICE);
        this.info = info;
        this.route = new StreamRoute(chain, info);
        this.tracing = chain.tracing() == null ? null : TracedStream.of(chain, info, this::facts);
        info.random = worker.random();
        HttpLog.newStream(info.downstream());
        info.schemeMatchesUpstream = spec.schemeMatchUpstream();
        this.timers = new StreamTimers(worker, this);
        this.hold = new ResponseHold(stats, timers);
        stream.watermarks(hold);
        stats.streamBegan(host.isHttp1());
        timers.begin(spec.timeouts(), info.startNanos());
        if (!chain.accessLogs().isEmpty()) {
            timers.logInterval(spec.accessLogFlushIntervalMillis());
        }
    }

    /** Bytes of heap more until the stream ends. */
    private void hold(int bytes) {
        held += bytes;
        account.heap(bytes);
    }

    @Override
    public MemoryAccount memory() {
        return account;
    }

    @Override
    public void headers(Headers headers, boolean end) {
        request = headers;
        if (chain.context().explaining().isOn()) {
            record = StreamRecord.of(chain, info, headers);
        }
        info.grpcRequest = LocalReplies.isGrpc(headers);
        HttpLog.requestHeaders(info, headers, end);
        timers.headersComplete();
        long now = worker.arrivalNanos();
        timers.activity(now);
        info.protocol(stream.connection().protocol());
        if (end) {
            onRequestEnd(now);
        }
        boolean crowding = account.memory().refuses(account);
        LocalReply shed = host.refusal(crowding);
        if (shed != null) {
            // What an HTTP/1 connection holds goes with it.
            closeAfterReply |= crowding;
            // As in Envoy, filters see neither the request nor the answer: they cost memory.
            pipeline = OpenedFilters.none(this);
            localReply(shed);
            return;
        }
        RequestAdmission.continueAsExpected(chain, headers, stream);
        RouteTable routes = route.pin();
        LocalReply refusal = RequestAdmission.refusal(chain, info, headers);
        if (refusal != null) {
            localReply(refusal);
            return;
        }
        chain.preparation().editEarly(headers, info);
        String upgradeType = Upgrades.type(headers);
        boolean upgrade = upgradeType != null && !Upgrades.isConnect(headers);
        int rejected = chain.preparation().prepare(headers, info, routes, upgrade);
        if (rejected != 0) {
            stats.inc(Count.DOWNSTREAM_RQ_REJECTED_VIA_IP_DETECTION);
            route.unpin();
            localReply(LocalReply.of(rejected, "", "rejecting_because_detection_failed"));
            return;
        }
        if (tracing != null) {
            tracing.decide(headers, route.get(headers));
        }
        route(headers, end, upgradeType);
    }

    /** The request is prepared: route, filters. */
    private void route(Headers headers, boolean end, @Nullable String upgradeType) {
        String id = headers.get(HeaderName.X_REQUEST_ID);
        info.streamId = id == null ? "" : id;
        route.applyTimeouts(timers, headers, worker);
        if (spec.accessLogOnNewRequest()) {
            log(AccessLogType.DownstreamStart);
        }
        boolean upgrade = upgradeType != null && route.allowsUpgrade(upgradeType, headers);
        if (upgradeType != null && !upgrade && route.get(headers) != null) {
            stats.inc(Count.DOWNSTREAM_RQ_WS_ON_NON_WS_ROUTE);
            host.drainAfterRefusal();
            localReply(LocalReply.of(403, "", "upgrade_failed"));
            return;
        }
        if (upgrade) {
            upgraded = true;
            stats.upgradeBegan();
        }
        if (tracing != null) {
            tracing.begin(headers, route.get(headers));
        }
        pipeline = chain.filters(upgrade ? upgradeType : null).pipeline(this);
        pipeline.requestHeaders(headers, end);
    }

    @Override
    public void data(ByteBuf chunk, boolean end) {
        info.bytesReceived += chunk.readableBytes();
        long now = worker.arrivalNanos();
        timers.activity(now);
        FilterPipeline filters = answeredLocally || finished ? null : pipeline;
        if (end && filters != null && filters.endIsApart(chunk)) {
            filters.requestData(chunk, false);
            if (!finished) {
                data(Unpooled.EMPTY_BUFFER, true);
            }
            return;
        }
        if (end) {
            onRequestEnd(now);
        }
        if (filters == null) {
            chunk.release();
        } else {
            filters.requestData(chunk, end);
        }
    }

    @Override
    public void trailers(Headers headers) {
        long now = worker.arrivalNanos();
        timers.activity(now);
        if (!finished) {
            hold(headers.footprint());
        }
        onRequestEnd(now);
        if (pipeline != null && !answeredLocally && !finished) {
            pipeline.requestTrailers(headers);
        }
    }

    @Override
    public void informational(Headers headers) {
        throw new IllegalStateException("a request has no informational headers");
    }

    private void onRequestEnd(long now) {
        requestEnd = true;
        HttpLog.requestEnd(info);
        info.lastDownstreamRxNanos = now;
        timers.requestComplete();
    }

    /** The peer, or the end of its connection, has reset the stream. */
    @Override
    public void reset(ResetReason why) {
        if (successor != null) {
            successor.reset(why);
        }
        if (finished) {
            return;
        }
        HttpLog.reset(info, why);
        stats.inc(Count.DOWNSTREAM_RQ_RX_RESET);
        ClientReset.explain(why, stream.codecDetails(), info);
        nameHolder();
        finish(StreamEnd.DOWNSTREAM_RESET);
    }

    @Override
    public void protocolError(int status, String details) {
        brokenRequest = true;
        HttpLog.brokenMessage(info, details);
        host.noteCodecError();
        stats.inc(Count.DOWNSTREAM_CX_PROTOCOL_ERROR);
        localReply(LocalReply.of(status, LocalReplies.reason(status), details));
    }

    @Override
    public void dispatchAborted() {
        brokenRequest = true;
        localReply(LocalReply.of(500, LocalReplies.reason(500), LocalReply.OVERLOAD));
    }

    @Override
    public void bodyWaits(int octets) {
        info.bytesReceived += octets;
    }

    @Override
    public void streamClosed() {
        // The stream has finished on its own account when its response ended.
    }

    @Override
    public StreamInfo info() {
        return info;
    }

    @Override
    public Connection connection() {
        return host.connection();
    }

    /** Those of a request that never became whole are empty. */
    @Override
    public Headers requestHeaders() {
        Headers known = request;
        if (known == null) {
            known = new Headers(MessagePart.REQUEST, 0, 1);
            request = known;
        }
        return known;
    }

    @Override
    public @Nullable Route route() {
        return route.get(requestHeaders());
    }

    @Override
    public @Nullable ClusterSelection cluster() {
        return route.cluster(requestHeaders());
    }

    @Override
    public void clearRoute() {
        route.clear();
    }

    @Override
    public @Nullable FilterOverride override(String filterName) {
        return route.override(filterName, requestHeaders());
    }

    @Override
    public HttpSink responseSink() {
        return responseSide;
    }

    @Override
    public @Nullable StreamTrace trace() {
        return tracing == null ? null : tracing.trace();
    }

    @Override
    public ScopedCalls calls() {
        return chain.context().calls();
    }

    @Override
    public Valve requestSource() {
        if (requestSource == null) {
            // The codec's object may serve another exchange by the time a filter asks again.
            requestSource = finished ? Valve.NONE : stream.input();
        }
        return requestSource;
    }

    @Override
    public void responseSource(Valve source) {
        hold.source(source);
    }

    @Override
    public long bufferLimit() {
        return route.bufferLimit(requestHeaders());
    }

    @Override
    public void recreate(@Nullable ByteBuf body, Headers redirect) {
        response = redirect;
        info.responseCodeDetails("internal_redirect");
        ActiveStream next = host.succeed(stream, () -> finish(StreamEnd.COMPLETE));
        successor = next;
        next.follow(this, body);
    }

    /** Begins with the request that another stream leaves, which has been prepared already. */
    private void follow(ActiveStream before, @Nullable ByteBuf body) {
        Headers headers = before.requestHeaders();
        request = headers;
        info.grpcRequest = LocalReplies.isGrpc(headers);
        route.pin();
        info.follow(before.info);
        timers.headersComplete();
        onRequestEnd(worker.nanoTime());
        route(headers, body == null, null);
        if (body == null) {
            return;
        }
        info.bytesReceived += body.readableBytes();
        if (pipeline == null || answeredLocally || finished) {
            body.release();
        } else {
            pipeline.requestData(body, true);
        }
    }

    @Override
    public void filterFailed(String filter, String callback, Throwable why) {
        chain.filterFaults()
                .record(
                        info.downstream(),
                        info.streamId,
                        filter,
                        callback,
                        finished ? "its stream has ended" : "its stream ends",
                        why);
    }

    @Override
    public void onFault(String who, String callback, Throwable why) {
        filterFailed(who, callback, why);
    }

    @Override
    public void tooLarge(Direction direction) {
        stats.inc(
                direction == Direction.REQUEST
                        ? Count.DOWNSTREAM_RQ_TOO_LARGE
                        : Count.RS_TOO_LARGE);
    }

    @Override
    public void onUnanswered() {
        localReply(LocalReply.of(404, "", "filter_chain_not_found"));
    }

    @Override
    public void localReply(LocalReply reply) {
        if (finished) {
            return;
        }
        info.responseCodeDetails(reply.details());
        if (responseStarted) {
            giveUp();
            return;
        }
        answeredLocally = true;
        HttpLog.localReply(info, reply.details());
        boolean strict = host.isHttp1() && !spec.http1().streamErrorOnInvalidMessage();
        closeAfterReply |= LocalReplies.ends(reply, strict);
        LocalReplies.Message message =
                LocalReplies.make(spec.localReplies(), reply, info, requestHeaders(), route);
        ByteBuf body = message.body() == null ? null : Unpooled.wrappedBuffer(message.body());
        FilterPipeline filters = pipeline;
        if (filters == null) {
            // Refused before the filters saw it: they see the answer all the same.
            filters = chain.filters(null).pipeline(this);
            pipeline = filters;
        }
        filters.reply(reply, message.headers(), body);
    }

    @Override
    public void onExpiry(Expiry what) {
        HttpLog.timeout(info.downstream(), "stream timeout: " + what);
        nameHolder();
        stats.inc(StreamTimers.counterOf(what));
        if (what == Expiry.IDLE) {
            info.flag(ResponseFlag.SI);
        }
        localReply(StreamTimers.reply(what, requestEnd && !responseStarted));
    }

    /** The stream ends while a filter holds it that nobody made go on: says which. */
    private void nameHolder() {
        String holder = pipeline == null || answeredLocally ? null : pipeline.heldBy();
        if (holder != null) {
            HttpLog.heldBy(info, holder);
            info.dynamicMetadata().merge(OWN_METADATA, heldBy(holder));
        }
    }

    private static MetadataValue.Struct heldBy(String filter) {
        return new MetadataValue.Struct(Map.of("held_by", new MetadataValue.Text(filter)));
    }

    @Override
    public void onLogInterval() {
        log(AccessLogType.DownstreamPeriodic);
    }

    /** The end of the response corridor: last changes to the headers, then the codec. */
    private final class ResponseSide implements HttpSink {

        /** Swallowed unless proxied: we may have sent our own 100 and must not send a second. */
        @Override
        public void informational(Headers headers) {
            timers.activity();
            boolean pass = !informed && ResponsePreparation.isProxiedInterim(headers);
            if (spec.proxy100Continue() && !finished && pass) {
                informed = true;
                info.responseCode((int) headers.getLong(HeaderName.STATUS));
                stats.completed(info);
                stream.informational(headers);
            }
        }

        @Override
        public void headers(Headers headers, boolean end) {
            if (finished) {
                return;
            }
            int status = (int) headers.getLong(HeaderName.STATUS);
            if (status < 0) {
                localReply(LocalReply.WITHOUT_STATUS);
                return;
            }
            long now = worker.nanoTime();
            timers.activity(now);
            responseStarted = true;
            hold(headers.footprint());
            response = headers;
            info.responseCode(status);
            info.firstDownstreamTxNanos = now;
            stats.completed(info);
            ResponsePreparation.apply(spec, chain.date(), requestHeaders(), headers);
            if (tracing != null) {
                tracing.response(headers);
            }
            if (record != null) {
                record.tell(info, headers);
            }
            leaveIfWanted(headers);
            HttpLog.responseHeaders(info, headers, end);
            stream.flushTimeout(route.flushTimeout(requestHeaders()));
            stream.headers(headers, end);
            if (end) {
                responseEnded();
            }
        }

        /** HTTP/1: says that the connection closes, where it does. */
        private void leaveIfWanted(Headers headers) {
            boolean draining = host.drainsAtResponse(info.drainConnection);
            if (!requestEnd) {
                stats.inc(Count.DOWNSTREAM_RQ_RESPONSE_BEFORE_RQ_COMPLETE);
            }
            boolean tunnel = Upgrades.isUpgrade(headers) || Upgrades.isConnect(requestHeaders());
            if ((draining || closeAfterReply) && host.isHttp1() && !tunnel) {
                headers.set(HeaderName.CONNECTION, "close");
            }
        }

        @Override
        public void data(ByteBuf chunk, boolean end) {
            if (finished) {
                chunk.release();
                return;
            }
            if (!end) {
                // With the end the timers end.
                timers.activity();
            }
            info.bytesSent += chunk.readableBytes();
            HttpLog.responseData(info, chunk.readableBytes(), end);
            stream.data(chunk, end);
            if (end) {
                responseEnded();
            }
        }

        @Override
        public void trailers(Headers headers) {
            if (finished) {
                return;
            }
            hold(headers.footprint());
            trailers = headers;
            HttpLog.responseTrailers(info, headers);
            stream.trailers(headers);
            responseEnded();
        }

        /** The answering filter cannot finish what it began. */
        @Override
        public void reset(ResetReason why) {
            if (!finished) {
                giveUp();
            }
        }
    }

    private void responseEnded() {
        long now = worker.nanoTime();
        info.lastDownstreamTxNanos = now;
        HttpLog.complete(info);
        if (!requestEnd) {
            // RFC 9110 section 7.5: an early answer; what is left of the request is not wanted.
            resetStream();
        }
        finish(StreamEnd.COMPLETE, now);
    }

    /** The response has begun and cannot be finished. */
    private void giveUp() {
        HttpLog.givenUp(info);
        stats.inc(Count.DOWNSTREAM_RQ_TX_RESET);
        resetStream();
        finish(StreamEnd.LOCAL_RESET);
    }

    /** Ends an upgrade or a CONNECT; what ends by itself goes on. */
    void endTunnel(String details) {
        if (upgraded && !finished) {
            info.responseCodeDetails(details);
            giveUp();
        }
    }

    /** Envoy counts resets as received, whichever side makes them. */
    private void resetStream() {
        stats.inc(Count.DOWNSTREAM_RQ_RX_RESET);
        if (brokenRequest) {
            // Only now: the local reply about it does not see the flag.
            info.flag(ResponseFlag.DPE);
        }
        // RFC 9113 section 8.5; in HTTP/2 upgrades are CONNECT, too.
        boolean tunnel =
                upgraded
                        && (info.protocol() == Protocol.HTTP2
                                || Upgrades.isConnect(requestHeaders()));
        ResetReason why = tunnel ? ResetReason.CONNECT_ERROR : ResetReason.LOCAL_RESET;
        HttpLog.reset(info, why);
        stream.reset(why);
    }

    /** The manager gives up the connection and not this stream: as in Envoy, without a flag. */
    void abandon(String details) {
        stats.inc(Count.DOWNSTREAM_RQ_RX_RESET);
        info.responseCodeDetails(details);
        finish(StreamEnd.DOWNSTREAM_RESET);
    }

    private void finish(StreamEnd why) {
        finish(why, worker.nanoTime());
    }

    private void finish(StreamEnd why, long now) {
        if (finished) {
            return;
        }
        finished = true;
        timers.cancelAll();
        stream.watermarks(null);
        hold.end();
        info.endNanos = now;
        if (pipeline != null) {
            pipeline.end(why);
        }
        if (record != null) {
            record.ended(info);
        }
        stats.streamEnded(upgraded, (info.endNanos - info.startNanos()) / 1_000_000);
        log(AccessLogType.DownstreamEnd);
        if (tracing != null) {
            tracing.finish();
        }
        account.heap(-held);
        held = 0;
        host.removed(this);
    }

    private void log(AccessLogType type) {
        FilterPipeline told = finished && pipeline != null && pipeline.logs() ? pipeline : null;
        if (told == null && chain.accessLogs().isEmpty()) {
            return;
        }
        info.countDownstream(stream);
        FormatContext entry =
                new FormatContext(info, requestHeaders(), response, trailers, "", type);
        if (told != null) {
            told.log(entry);
        }
        AccessLogs.write(chain.accessLogs(), entry, this);
    }

    private FormatContext facts() {
        return new FormatContext(
                info, requestHeaders(), response, trailers, "", AccessLogType.NotSet);
    }
}
