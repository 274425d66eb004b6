package dev.attache.proxy.network.http;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.connection.WatermarkListener;
import dev.attache.proxy.http.GrpcTimeout;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.RequestSink;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.UpgradeType;
import dev.attache.proxy.network.http.HttpManagerStats.Count;
import dev.attache.proxy.network.http.HttpManagerStats.Level;
import dev.attache.proxy.network.http.StreamTimers.Expiry;
import dev.attache.proxy.pipeline.FilterPipeline;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.pipeline.StreamOwner;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.FilterOverride;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.route.RouteAction.WeightedCluster;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.FormatContext.AccessLogType;
import dev.attache.proxy.upstream.Cluster;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response: from the codec through the filters and back. Owned by its
 * connection manager; loop-confined; ends once, with {@link #finish}, which writes the access log.
 */
final class ActiveStream
        implements RequestSink, StreamOwner, WatermarkListener, StreamTimers.Listener {

    private static final int GRPC_DEADLINE_EXCEEDED = 4;

    private final HttpConnectionManager manager;
    private final HttpConnectionManagerSpec spec;
    private final HttpStream stream;
    private final StreamInfo info;
    private final StreamTimers timers;
    private final ResponseSide responseSide = new ResponseSide();
    private @Nullable FilterPipeline pipeline;
    private @Nullable RouteTable routes;
    private @Nullable Route route;
    private @Nullable ClusterSelection cluster;
    private boolean routeChosen;
    private Headers request = new Headers(0, 1);
    private @Nullable Headers response;
    private @Nullable Headers trailers;
    private @Nullable Valve responseSource;
    private boolean holdingResponse;
    private String replyBody = "";
    private boolean requestEnd;
    private boolean responseStarted;
    private boolean answeredLocally;
    private boolean upgraded;
    private boolean closeAfterReply;
    private boolean finished;

    /** The stream that an internal redirect made of this one; the codec still calls this one. */
    private @Nullable ActiveStream successor;

    ActiveStream(HttpConnectionManager manager, HttpStream stream) {
        this.manager = manager;
        this.spec = manager.chain().spec();
        this.stream = stream;
        this.info =
                new StreamInfo(
                        manager.connection().info(),
                        System.currentTimeMillis(),
                        manager.worker().nanoTime());
        info.random = manager.worker().random();
        info.listenerMetadata = manager.chain().context().listenerMetadata();
        info.filterChainMetadata = manager.chain().context().filterChainMetadata();
        info.protocol(manager.protocol());
        info.schemeMatchesUpstream = spec.schemeMatchUpstream();
        this.timers = new StreamTimers(manager.worker(), this);
        stream.watermarks(this);
        HttpManagerStats stats = manager.stats();
        stats.inc(Count.DOWNSTREAM_RQ_TOTAL);
        stats.add(Level.DOWNSTREAM_RQ_ACTIVE, 1);
        stats.inc(
                manager.isHttp1()
                        ? Count.DOWNSTREAM_RQ_HTTP1_TOTAL
                        : Count.DOWNSTREAM_RQ_HTTP2_TOTAL);
        timers.idleTimeout(spec.timeouts().streamIdle());
        timers.headersTimeout(spec.timeouts().requestHeaders());
        timers.requestTimeout(spec.timeouts().request());
        timers.maxDuration(spec.timeouts().maxStreamDuration());
    }

    // ---- the request, from the codec -----------------------------------------------------------

    @Override
    public void headers(Headers headers, boolean end) {
        request = headers;
        timers.headersComplete();
        timers.activity();
        info.protocol(stream.connection().protocol());
        if (end) {
            onRequestEnd();
        }
        continueAsExpected(headers);
        LocalReply refusal = RequestAdmission.refusal(manager, info, headers);
        if (refusal != null) {
            localReply(refusal);
            return;
        }
        String upgradeType = Upgrades.type(headers);
        routes = manager.chain().routeTable();
        boolean upgrade = upgradeType != null && !Upgrades.isConnect(headers);
        int rejected = manager.chain().preparation().prepare(headers, info, routes, upgrade);
        if (rejected != 0) {
            manager.stats().inc(Count.DOWNSTREAM_RQ_REJECTED_VIA_IP_DETECTION);
            localReply(LocalReply.of(rejected, "", "rejecting_because_detection_failed"));
            return;
        }
        route(headers, end, upgradeType);
    }

    /** The request is prepared: route, filters. */
    private void route(Headers headers, boolean end, @Nullable String upgradeType) {
        String id = headers.get(HeaderName.X_REQUEST_ID);
        info.streamId = id == null ? "" : id;
        applyRouteTimeouts();
        if (spec.accessLogOnNewRequest()) {
            log(AccessLogType.DownstreamStart);
        }
        if (upgradeType != null && !upgradeAllowed(upgradeType)) {
            manager.stats().inc(Count.DOWNSTREAM_RQ_WS_ON_NON_WS_ROUTE);
            localReply(LocalReply.of(403, "", "upgrade_failed"));
            return;
        }
        if (upgradeType != null) {
            upgraded = true;
            manager.stats().inc(Count.DOWNSTREAM_CX_UPGRADES_TOTAL);
            manager.stats().add(Level.DOWNSTREAM_CX_UPGRADES_ACTIVE, 1);
        }
        pipeline = manager.chain().filters(upgradeType).pipeline(this);
        pipeline.requestHeaders(headers, end);
    }

    /** Answers {@code Expect: 100-continue} ourselves unless the upstream is to do it. */
    private void continueAsExpected(Headers headers) {
        int expect = headers.indexOf(HeaderName.EXPECT);
        if (expect < 0 || spec.proxy100Continue()) {
            return;
        }
        if (headers.valueEqualsIgnoreCase(expect, "100-continue")) {
            headers.remove(HeaderName.EXPECT);
            Headers go = new Headers(32, 2);
            go.add(HeaderName.STATUS, "100");
            stream.informational(go);
        }
    }

    private void applyRouteTimeouts() {
        Route chosen = route();
        if (chosen != null && chosen.action() instanceof RouteAction.Forward forward) {
            if (forward.idleTimeoutMillis() >= 0) {
                timers.idleTimeout(forward.idleTimeoutMillis());
            }
            applyMaxDuration(forward.maxStreamDuration());
        }
    }

    /**
     * A limit on the route replaces the manager's; {@code grpc-timeout} may set it, up to a cap.
     */
    private void applyMaxDuration(RouteAction.@Nullable MaxStreamDuration onRoute) {
        if (onRoute == null) {
            return;
        }
        long cap = onRoute.grpcTimeoutHeaderMaxMillis();
        long asked = cap < 0 ? -1 : GrpcTimeout.millis(request);
        if (asked >= 0) {
            long limit = cap > 0 ? Math.min(asked, cap) : asked;
            limit = Math.max(0, limit - Math.max(0, onRoute.grpcTimeoutHeaderOffsetMillis()));
            announceDuration(limit);
            timers.maxDuration(Math.max(1, limit - millisSinceStart()));
            return;
        }
        long limit =
                onRoute.maxMillis() >= 0
                        ? onRoute.maxMillis()
                        : spec.timeouts().maxStreamDuration();
        if (limit > 0) {
            announceDuration(limit);
            timers.maxDuration(Math.max(1, limit - millisSinceStart()));
        } else {
            timers.maxDuration(0);
        }
    }

    /** The upstream learns how long we shall wait. */
    private void announceDuration(long millis) {
        if (LocalReplies.isGrpc(request)) {
            request.set(HeaderName.GRPC_TIMEOUT, GrpcTimeout.text(millis));
        }
    }

    private long millisSinceStart() {
        return (manager.worker().nanoTime() - info.startNanos()) / 1_000_000;
    }

    private boolean upgradeAllowed(String type) {
        Route chosen = route();
        if (chosen != null && chosen.action() instanceof RouteAction.Forward forward) {
            RouteAction.Upgrade onRoute = forward.upgrades().get(type);
            if (onRoute != null) {
                return onRoute.enabled();
            }
        }
        for (Map.Entry<String, UpgradeType> entry : spec.upgrades().entrySet()) {
            if (entry.getKey().equalsIgnoreCase(type)) {
                return entry.getValue().enabled();
            }
        }
        return false;
    }

    @Override
    public void data(ByteBuf chunk, boolean end) {
        info.bytesReceived += chunk.readableBytes();
        timers.activity();
        if (end) {
            onRequestEnd();
        }
        if (pipeline == null || answeredLocally || finished) {
            chunk.release();
            return;
        }
        pipeline.requestData(chunk, end);
    }

    @Override
    public void trailers(Headers headers) {
        timers.activity();
        onRequestEnd();
        if (pipeline != null && !answeredLocally && !finished) {
            pipeline.requestTrailers(headers);
        }
    }

    @Override
    public void informational(Headers headers) {
        throw new IllegalStateException("a request has no informational headers");
    }

    private void onRequestEnd() {
        requestEnd = true;
        info.lastDownstreamRxNanos = manager.worker().nanoTime();
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
        manager.stats().inc(Count.DOWNSTREAM_RQ_RX_RESET);
        if (why == ResetReason.CONNECTION_TERMINATION) {
            info.flag(ResponseFlag.DC);
            details(stream.codecDetails(), "downstream_remote_disconnect");
        } else if (why == ResetReason.PROTOCOL_ERROR) {
            info.flag(ResponseFlag.DPE);
            details(stream.codecDetails(), "codec_error");
        } else {
            info.flag(ResponseFlag.DR);
            details(stream.codecDetails(), "http2.remote_reset");
        }
        finish(StreamEnd.DOWNSTREAM_RESET);
    }

    /** A reset has the last word, also after a response has begun. */
    private void details(@Nullable String ofCodec, String otherwise) {
        info.responseCodeDetails(ofCodec != null ? ofCodec : otherwise);
    }

    @Override
    public void protocolError(int status, String details) {
        info.flag(ResponseFlag.DPE);
        manager.stats().inc(Count.DOWNSTREAM_CX_PROTOCOL_ERROR);
        localReply(LocalReply.of(status, reason(status), details));
    }

    private static String reason(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 408 -> "Request Timeout";
            case 413 -> "Payload Too Large";
            case 426 -> "Upgrade Required";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 505 -> "HTTP Version Not Supported";
            default -> "";
        };
    }

    @Override
    public void streamClosed() {
        // The stream has finished on its own account when its response ended.
    }

    // ---- what the pipeline asks
    // ------------------------------------------------------------------

    @Override
    public StreamInfo info() {
        return info;
    }

    @Override
    public Connection connection() {
        return manager.connection();
    }

    @Override
    public Headers requestHeaders() {
        return request;
    }

    @Override
    public @Nullable Route route() {
        if (!routeChosen) {
            routeChosen = true;
            route = routes == null ? null : routes.match(request, info);
            if (route != null) {
                info.routeName = route.spec().name();
                info.routeMetadata = route.spec().metadata();
                info.virtualHostName = route.virtualHost().spec().name();
                info.virtualHostMetadata = route.virtualHost().spec().metadata();
            }
            selectCluster();
        }
        return route;
    }

    /** The access log names the cluster also when a filter answers before the router. */
    private void selectCluster() {
        Cluster known = null;
        cluster = null;
        if (route != null && route.action() instanceof RouteAction.Forward forward) {
            cluster = ClusterSelection.of(forward.cluster(), request, info.random);
            known = manager.chain().context().clusters().cluster(cluster.cluster());
        }
        info.clusterName = known == null ? null : known.spec().name();
        info.clusterObservabilityName = known == null ? null : known.spec().altStatName();
        info.clusterMetadata = known == null ? Metadata.EMPTY : known.spec().metadata();
    }

    @Override
    public @Nullable ClusterSelection cluster() {
        route();
        return cluster;
    }

    @Override
    public void clearRoute() {
        routeChosen = false;
    }

    @Override
    public @Nullable FilterOverride override(String filterName) {
        Route chosen = route();
        if (chosen == null) {
            return null;
        }
        WeightedCluster drawn = cluster == null ? null : cluster.weighted();
        return drawn == null
                ? chosen.spec().perFilterConfig().get(filterName)
                : drawn.perFilterConfig().get(filterName);
    }

    @Override
    public HttpSink responseSink() {
        return responseSide;
    }

    @Override
    public Valve requestSource() {
        return stream.input();
    }

    @Override
    public void responseSource(Valve source) {
        responseSource = source;
    }

    @Override
    public long bufferLimit() {
        Route chosen = route();
        if (chosen != null && chosen.action() instanceof RouteAction.Forward forward) {
            if (forward.requestBodyBufferLimit() >= 0) {
                return forward.requestBodyBufferLimit();
            }
        }
        return manager.chain().context().bufferLimitBytes();
    }

    @Override
    public void recreate(@Nullable ByteBuf body, Headers redirect) {
        response = redirect;
        info.responseCodeDetails("internal_redirect");
        manager.stats().completed(info.responseCode());
        ActiveStream next = manager.succeed(stream, () -> finish(StreamEnd.COMPLETE));
        successor = next;
        next.follow(this, body);
    }

    /** Begins with the request that another stream leaves, which has been prepared already. */
    private void follow(ActiveStream before, @Nullable ByteBuf body) {
        request = before.request;
        routes = manager.chain().routeTable();
        info.bytesReceived = before.info.bytesReceived;
        info.internalRequest = before.info.internalRequest;
        info.internalRedirects = before.info.internalRedirects;
        info.redirectedRoutes = before.info.redirectedRoutes;
        info.downstreamRemoteAddress(before.info.downstreamRemoteAddress());
        timers.headersComplete();
        onRequestEnd();
        route(request, body == null, null);
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
            stream.reset(ResetReason.LOCAL_RESET);
            manager.stats().inc(Count.DOWNSTREAM_RQ_TX_RESET);
            finish(StreamEnd.LOCAL_RESET);
            return;
        }
        answeredLocally = true;
        replyBody = reply.body();
        if (reply.status() == 400
                && manager.isHttp1()
                && !spec.http1().streamErrorOnInvalidMessage()) {
            // A broken message on HTTP/1: nobody knows where the next one begins.
            closeAfterReply = true;
        }
        LocalReplies.Message message = LocalReplies.make(spec.localReplies(), reply, info, request);
        ByteBuf body = message.body() == null ? null : Unpooled.wrappedBuffer(message.body());
        FilterPipeline filters = pipeline;
        if (filters != null) {
            filters.abandonRequest();
            filters.announce(reply);
            filters.replyThroughFilters(message.headers(), body);
        } else {
            responseSide.headers(message.headers(), body == null);
            if (body != null) {
                responseSide.data(body, true);
            }
        }
    }

    // ---- back-pressure
    // ----------------------------------------------------------------------------

    @Override
    public void onAboveHighWatermark() {
        if (responseSource != null && !holdingResponse) {
            holdingResponse = true;
            manager.stats().inc(Count.DOWNSTREAM_FLOW_CONTROL_PAUSED_READING_TOTAL);
            responseSource.hold();
        }
    }

    @Override
    public void onBelowLowWatermark() {
        timers.activity();
        if (responseSource != null && holdingResponse) {
            holdingResponse = false;
            manager.stats().inc(Count.DOWNSTREAM_FLOW_CONTROL_RESUMED_READING_TOTAL);
            responseSource.release();
        }
    }

    // ---- timeouts
    // ----------------------------------------------------------------------------------

    @Override
    public void onExpiry(Expiry what) {
        switch (what) {
            case IDLE -> {
                manager.stats().inc(Count.DOWNSTREAM_RQ_IDLE_TIMEOUT);
                info.flag(ResponseFlag.SI);
                timeoutReply(408, "stream timeout", "stream_idle_timeout");
            }
            case REQUEST -> {
                manager.stats().inc(Count.DOWNSTREAM_RQ_TIMEOUT);
                timeoutReply(408, "request timeout", "request_overall_timeout");
            }
            case REQUEST_HEADERS -> {
                manager.stats().inc(Count.DOWNSTREAM_RQ_HEADER_TIMEOUT);
                timeoutReply(408, "request header timeout", "request_header_timeout");
            }
            case MAX_DURATION -> {
                manager.stats().inc(Count.DOWNSTREAM_RQ_MAX_DURATION_REACHED);
                int status = requestEnd && !responseStarted ? 504 : 408;
                localReply(
                        new LocalReply(
                                status,
                                "downstream duration timeout",
                                "max_duration_timeout",
                                List.of(),
                                GRPC_DEADLINE_EXCEEDED));
            }
        }
    }

    private void timeoutReply(int status, String body, String details) {
        if (requestEnd && !responseStarted && status == 408) {
            localReply(LocalReply.of(504, body, details));
        } else {
            localReply(LocalReply.of(status, body, details));
        }
    }

    // ---- the response, from the pipeline
    // ---------------------------------------------------------

    /** The end of the response corridor: last changes to the headers, then the codec. */
    private final class ResponseSide implements HttpSink {

        /** Swallowed unless proxied: we may have sent our own 100 and must not send a second. */
        @Override
        public void informational(Headers headers) {
            timers.activity();
            if (spec.proxy100Continue() && !finished) {
                stream.informational(headers);
            }
        }

        @Override
        public void headers(Headers headers, boolean end) {
            if (finished) {
                return;
            }
            timers.activity();
            responseStarted = true;
            response = headers;
            info.responseCode((int) headers.getLong(HeaderName.STATUS));
            info.firstDownstreamTxNanos = manager.worker().nanoTime();
            ResponsePreparation.apply(spec, manager.chain().date(), request, headers);
            leaveIfWanted(headers);
            stream.headers(headers, end);
            if (end) {
                responseEnded();
            }
        }

        /** HTTP/1: says that the connection closes, where it does. */
        private void leaveIfWanted(Headers headers) {
            boolean draining = manager.drainsAtResponse();
            if (!requestEnd) {
                manager.stats().inc(Count.DOWNSTREAM_RQ_RESPONSE_BEFORE_RQ_COMPLETE);
            }
            boolean tunnel = Upgrades.isUpgrade(headers) || Upgrades.isConnect(request);
            if ((draining || closeAfterReply) && manager.isHttp1() && !tunnel) {
                headers.set(HeaderName.CONNECTION, "close");
            }
        }

        @Override
        public void data(ByteBuf chunk, boolean end) {
            if (finished) {
                chunk.release();
                return;
            }
            timers.activity();
            info.bytesSent += chunk.readableBytes();
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
            trailers = headers;
            stream.trailers(headers);
            responseEnded();
        }

        /** The answering filter cannot finish what it began. */
        @Override
        public void reset(ResetReason why) {
            if (!finished) {
                manager.stats().inc(Count.DOWNSTREAM_RQ_TX_RESET);
                stream.reset(why);
                finish(StreamEnd.LOCAL_RESET);
            }
        }
    }

    private void responseEnded() {
        info.lastDownstreamTxNanos = manager.worker().nanoTime();
        manager.stats().completed(info.responseCode());
        if (!requestEnd) {
            // RFC 9110 section 7.5: an early answer; what is left of the request is not wanted.
            stream.reset(ResetReason.LOCAL_RESET);
        }
        finish(StreamEnd.COMPLETE);
    }

    // ---- the end
    // --------------------------------------------------------------------------------------

    /** The connection went away under the stream and its codec did not say so. */
    void connectionClosed() {
        reset(ResetReason.CONNECTION_TERMINATION);
    }

    private void finish(StreamEnd why) {
        if (finished) {
            return;
        }
        finished = true;
        timers.cancelAll();
        stream.watermarks(null);
        if (holdingResponse && responseSource != null) {
            // The upstream connection may serve the next request already: it must not stay held.
            holdingResponse = false;
            responseSource.release();
        }
        info.endNanos = manager.worker().nanoTime();
        if (pipeline != null) {
            pipeline.end(why);
        }
        info.downstreamWireBytesReceived = stream.wireBytesReceived();
        info.downstreamWireBytesSent = stream.wireBytesSent();
        info.downstreamHeaderBytesReceived = stream.headerBytesReceived();
        info.downstreamHeaderBytesSent = stream.headerBytesSent();
        HttpManagerStats stats = manager.stats();
        stats.add(Level.DOWNSTREAM_RQ_ACTIVE, -1);
        if (upgraded) {
            stats.add(Level.DOWNSTREAM_CX_UPGRADES_ACTIVE, -1);
        }
        stats.requestTime((info.endNanos - info.startNanos()) / 1_000_000);
        log(AccessLogType.DownstreamEnd);
        manager.removed(this);
    }

    private void log(AccessLogType type) {
        if (spec.accessLogs().isEmpty()) {
            return;
        }
        FormatContext entry = new FormatContext(info, request, response, trailers, replyBody, type);
        for (int i = 0; i < spec.accessLogs().size(); i++) {
            spec.accessLogs().get(i).log(entry);
        }
    }
}
