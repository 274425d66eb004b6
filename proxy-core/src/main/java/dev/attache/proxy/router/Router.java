package dev.attache.proxy.router;

import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.RetryPolicy.HostPredicate;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.route.RouteAction.HostRewrite;
import dev.attache.proxy.router.RetryState.Decision;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostCells;
import dev.attache.proxy.upstream.host.OutlierMonitor;
import dev.attache.proxy.upstream.host.OutlierMonitor.LocalEvent;
import dev.attache.proxy.upstream.host.Pick;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.pool.Cancellable;
import dev.attache.proxy.upstream.stats.ClusterCounter;
import dev.attache.proxy.upstream.stats.ResponseGroup;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The router on one stream: chooses cluster and host, runs attempts one after another, and answers
 * for what does not work out. Loop-confined.
 */
final class Router implements HttpFilter {

    private final RouterFactory factory;
    private @Nullable FilterContext context;
    private @Nullable Forwarding forwarding;

    Router(RouterFactory factory) {
        this.factory = factory;
    }

    // ---- the request ---------------------------------------------------------------------------

    @Override
    public Step onRequestHeaders(Headers request, boolean end, FilterContext filterContext) {
        context = filterContext;
        factory.rqTotal.inc();
        Route route = filterContext.route();
        if (route == null) {
            factory.noRoute.inc();
            filterContext.info().flag(ResponseFlag.NR);
            return filterContext.respond(LocalReply.of(404, "", "route_not_found"));
        }
        return switch (route.action()) {
            case RouteAction.DirectResponse direct -> answer(route, direct, request);
            case RouteAction.Redirect redirect -> redirect(route, redirect, request);
            case RouteAction.NonForwarding ignored ->
                    filterContext.respond(LocalReply.of(404, "", "route_not_found"));
            case RouteAction.Forward forward -> forward(route, forward, request, end);
        };
    }

    private FilterContext context() {
        if (context == null) {
            throw new IllegalStateException("no request yet");
        }
        return context;
    }

    private Step answer(Route route, RouteAction.DirectResponse direct, Headers request) {
        factory.rqDirectResponse.inc();
        byte[] bytes = direct.body();
        String body = bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
        if (direct.bodyFormat() != null) {
            body =
                    direct.bodyFormat()
                            .format(
                                    dev.attache.proxy.stream.format.FormatContext.of(
                                            context().info(), request));
        }
        return context()
                .respond(
                        withRouteHeaders(
                                route,
                                request,
                                LocalReply.of(direct.status(), body, "direct_response")));
    }

    private Step redirect(Route route, RouteAction.Redirect redirect, Headers request) {
        // Envoy counts a redirect as a direct response; its rq_redirect stays 0.
        factory.rqDirectResponse.inc();
        String location = RedirectLocation.of(redirect, route.spec().match().path(), request);
        LocalReply reply =
                LocalReply.of(redirect.responseCode(), "", "direct_response")
                        .with(HeaderName.LOCATION, location);
        return context().respond(withRouteHeaders(route, request, reply));
    }

    /** What the route adds to responses, added to an answer of our own. */
    private LocalReply withRouteHeaders(Route route, Headers request, LocalReply reply) {
        Headers headers = new Headers(128, 8);
        reply.headers().forEach(field -> headers.add(field.name(), field.value()));
        RequestFinalization.response(route, null, request, headers, context().info());
        LocalReply with =
                new LocalReply(
                        reply.status(),
                        reply.body(),
                        reply.details(),
                        List.of(),
                        reply.grpcStatus());
        for (int i = 0; i < headers.size(); i++) {
            with = with.with(HeaderName.of(headers.name(i)), headers.value(i));
        }
        return with;
    }

    private Step forward(Route route, RouteAction.Forward action, Headers request, boolean end) {
        StreamInfo info = context().info();
        ClusterSelection selection = context().cluster();
        if (selection == null) {
            throw new IllegalStateException("a route that forwards has no cluster");
        }
        Cluster cluster = factory.clusters.cluster(selection.cluster());
        if (cluster == null) {
            factory.noCluster.inc();
            info.flag(ResponseFlag.NC);
            info.clusterName = null;
            return context()
                    .respond(
                            LocalReply.of(action.clusterNotFoundStatus(), "", "cluster_not_found"));
        }
        info.clusterName = cluster.spec().name();
        info.clusterObservabilityName = cluster.spec().altStatName();
        info.clusterMetadata = cluster.spec().metadata();
        forwarding = new Forwarding(route, action, selection, cluster, request, end);
        forwarding.start();
        return Step.DONE;
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext filterContext) {
        if (forwarding != null) {
            forwarding.data(data, end);
        }
        return Step.DONE;
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext filterContext) {
        if (forwarding != null) {
            forwarding.trailers(trailers);
        }
        return Step.DONE;
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext filterContext) {
        if (forwarding != null) {
            forwarding.end();
        }
    }

    // ---- what attempts ask and report
    // ------------------------------------------------------------

    WorkerContext worker() {
        return factory.worker;
    }

    boolean schemeMatchesUpstream() {
        return context().info().schemeMatchesUpstream;
    }

    Valve downstream() {
        return context().valve(Direction.REQUEST);
    }

    void source(Valve response) {
        context().source(response);
    }

    private Forwarding forwarding() {
        if (forwarding == null) {
            throw new IllegalStateException("nothing is forwarded");
        }
        return forwarding;
    }

    long bufferLimit() {
        return forwarding().bufferLimit;
    }

    void onUpstreamInformational(Headers response) {
        forwarding().charge((int) response.getLong(HeaderName.STATUS));
        context().response().informational(response);
    }

    void onUpstreamHeaders(UpstreamRequest from, Headers response, boolean end) {
        forwarding().onHeaders(from, response, end);
    }

    void onUpstreamData(UpstreamRequest from, ByteBuf data, boolean end) {
        forwarding().onData(from, data, end);
    }

    void onUpstreamTrailers(UpstreamRequest from, Headers trailers) {
        forwarding().onTrailers(from, trailers);
    }

    void onUpstreamReset(UpstreamRequest from, ResetReason why, @Nullable String transportFailure) {
        forwarding().onReset(from, why, transportFailure);
    }

    void onPerTryTimeout(UpstreamRequest from, boolean idle) {
        forwarding().onPerTryTimeout(from, idle);
    }

    /** Everything about a request that is going to a cluster. */
    private final class Forwarding {
        private final Route route;
        private final RouteAction.Forward action;
        private final ClusterSelection selection;
        private final Cluster cluster;
        private final Headers request;
        private final StreamInfo info;
        private final Priority priority;
        private final RequestTimeouts timeouts;
        private final RequestGroups groups;
        private @Nullable RetryState retries;
        private final RequestBody body;
        private final long bufferLimit;
        private final HostChoice choice;
        private final @Nullable String altResponse;
        private final Timer global = timer(this::onGlobalTimeout);
        private final Timer maxDuration = timer(this::onMaxDuration);
        private final Timer backOff = timer(this::tryAgain);
        private @Nullable UpstreamRequest attempt;
        private @Nullable Headers requestTrailers;
        private boolean requestEnd;
        private boolean headersOnly;
        private long requestEndNanos = -1;
        private boolean responseStarted;
        private boolean done;

        Forwarding(
                Route route,
                RouteAction.Forward action,
                ClusterSelection selection,
                Cluster cluster,
                Headers request,
                boolean end) {
            this.route = route;
            this.action = action;
            this.selection = selection;
            this.cluster = cluster;
            this.request = request;
            this.info = context().info();
            this.priority = action.highPriority() ? Priority.HIGH : Priority.DEFAULT;
            this.headersOnly = end;
            this.requestEnd = end;
            this.altResponse = request.get(HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_ALT_RESPONSE);
            request.remove(HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_ALT_RESPONSE);
            this.timeouts = RequestTimeouts.of(factory.spec, action, request);
            this.groups = factory.groups.of(route, request, info);
            this.retries =
                    RetryState.of(worker(), cluster, groups, priority, action.retry(), request);
            this.bufferLimit =
                    action.requestBodyBufferLimit() >= 0
                            ? action.requestBodyBufferLimit()
                            : cluster.spec().bufferLimitBytes();
            this.body = new RequestBody(bufferLimit);
            this.choice = new HostChoice(action, selection, retries, request, info);
        }

        void start() {
            if (route.virtualHost().spec().includeRequestAttemptCount()) {
                request.set(HeaderName.X_ENVOY_ATTEMPT_COUNT, 1);
            }
            RequestFinalization.request(
                    route,
                    selection.weighted(),
                    request,
                    info,
                    factory.spec.suppressEnvoyHeaders());
            long max = cluster.spec().http().maxStreamDurationMillis();
            if (max > 0) {
                worker().timers().schedule(maxDuration, max);
            }
            if (requestEnd) {
                onRequestComplete();
            }
            newAttempt();
        }

        private void newAttempt() {
            info.attemptCount++;
            Pick pick = cluster.choose(choice);
            if (!(pick instanceof Host host)) {
                cluster.stats().inc(ClusterCounter.UPSTREAM_CX_NONE_HEALTHY);
                finishAttempts();
                info.flag(ResponseFlag.UH);
                charge(503);
                respond(LocalReply.of(503, "no healthy upstream", "no_healthy_upstream"));
                return;
            }
            UpstreamInfo upstream = info.upstreamForWriting();
            upstream.host = host.address();
            upstream.hostname = host.hostname();
            upstream.hostMetadata = host.metadata();
            upstream.attempted.add(host.address());
            choice.tried(host);
            rewriteHostByEndpoint(host);
            UpstreamRequest next = new UpstreamRequest(Router.this, host, upstream);
            attempt = next;
            next.sendHeaders(request, headersOnly);
            if (!headersOnly) {
                ByteBuf sofar = body.copy();
                boolean wasEnd = requestEnd && requestTrailers == null;
                if (sofar != null || (wasEnd && info.attemptCount > 1)) {
                    next.sendData(sofar != null ? sofar : Unpooled.EMPTY_BUFFER, wasEnd);
                }
                if (requestTrailers != null) {
                    next.sendTrailers(requestTrailers);
                }
            }
            if (requestEnd) {
                next.arm(timeouts.perTry(), timeouts.perTryIdle());
            }
            Cancellable waiting = open(host, next);
            next.waitingFor(waiting);
        }

        private Cancellable open(Host host, UpstreamRequest next) {
            TransportOptions options = choice.transportOptions(cluster.spec(), host);
            if (terminatesConnect()) {
                return cluster.newConnection(host, priority, options, next);
            }
            Protocol protocol = info.protocol() == null ? Protocol.HTTP11 : info.protocol();
            return cluster.newStream(
                    host, priority, protocol, options, info.downstream().id(), next, next);
        }

        /** The route carries the bytes of a CONNECT (or POST) itself instead of passing it on. */
        private boolean terminatesConnect() {
            RouteAction.Upgrade connect = action.upgrades().get("connect");
            if (connect == null || !connect.connectTerminates()) {
                return false;
            }
            String method = request.getOr(HeaderName.METHOD, "");
            return method.equals("CONNECT") || (connect.allowPost() && method.equals("POST"));
        }

        private void rewriteHostByEndpoint(Host host) {
            if (action.hostRewrite() instanceof HostRewrite.Auto && !host.hostname().isEmpty()) {
                RequestFinalization.authority(
                        request,
                        host.hostname(),
                        action.appendXForwardedHost() && info.attemptCount == 1,
                        factory.spec.suppressEnvoyHeaders());
            }
        }

        void data(ByteBuf data, boolean end) {
            if (done) {
                return;
            }
            if (retries != null && !responseStarted && !body.keep(data)) {
                giveUpRetries();
                cluster.stats().inc(ClusterCounter.RETRY_OR_SHADOW_ABANDONED);
                if (attempt == null) {
                    // Waiting to try again, and what the next try would need is lost.
                    backOff.cancel();
                    finishAttempts();
                    respond(
                            LocalReply.of(
                                    507,
                                    "exceeded request buffer limit while retrying upstream",
                                    "request_payload_exceeded_retry_buffer_limit"));
                    return;
                }
            }
            requestEnd |= end;
            if (attempt != null) {
                attempt.sendData(data.retain(), end);
            }
            if (end) {
                onRequestComplete();
            }
        }

        /** What a further try would have to send again is no longer whole. */
        private void giveUpRetries() {
            if (retries != null) {
                retries.settled();
                retries = null;
            }
        }

        void trailers(Headers trailers) {
            if (done) {
                return;
            }
            requestTrailers = trailers;
            requestEnd = true;
            if (attempt != null) {
                attempt.sendTrailers(trailers);
            }
            onRequestComplete();
        }

        private void onRequestComplete() {
            requestEndNanos = worker().nanoTime();
            if (timeouts.global() > 0) {
                worker().timers().schedule(global, timeouts.global());
            }
            if (attempt != null) {
                attempt.arm(timeouts.perTry(), timeouts.perTryIdle());
            }
        }

        // ---- responses
        // ---------------------------------------------------------------------------

        void onHeaders(UpstreamRequest from, Headers response, boolean end) {
            if (done || from != attempt) {
                return;
            }
            int status = (int) response.getLong(HeaderName.STATUS);
            info.responseCode(status);
            from.responseStarted();
            countHost(from.host(), status >= 500);
            if (response.contains(HeaderName.X_ENVOY_IMMEDIATE_HEALTH_CHECK_FAIL)) {
                from.host().healthMonitor().onImmediateFail();
            }
            from.host()
                    .monitor()
                    .onResponse(
                            worker().index(),
                            response.contains(HeaderName.GRPC_STATUS)
                                    ? OutlierMonitor.httpStatusOf(
                                            response.getLong(HeaderName.GRPC_STATUS))
                                    : status);
            if (retries != null) {
                Decision decision = retries.onResponse(response);
                if (decision == Decision.YES && !responseStarted) {
                    cluster.stats().response(ResponseGroup.RETRY, status);
                    retry(from, response, end);
                    return;
                }
                noteRefusal(decision);
            }
            charge(status);
            responseStarted = true;
            body.release();
            if (requestEndNanos >= 0 && !factory.spec.suppressEnvoyHeaders()) {
                long millis = (worker().nanoTime() - requestEndNanos) / 1_000_000;
                response.set(HeaderName.X_ENVOY_UPSTREAM_SERVICE_TIME, millis);
            }
            if (route.virtualHost().spec().includeAttemptCountInResponse()) {
                response.set(HeaderName.X_ENVOY_ATTEMPT_COUNT, info.attemptCount);
            }
            for (String cookie : choice.cookiesToSet()) {
                response.add(HeaderName.SET_COOKIE, cookie);
            }
            RequestFinalization.response(route, selection.weighted(), request, response, info);
            if (info.responseCodeDetails() == null) {
                info.responseCodeDetails("via_upstream");
            }
            if (end) {
                complete(from);
            }
            context().response().headers(response, end);
        }

        private void noteRefusal(Decision decision) {
            if (decision == Decision.NO_OVERFLOW) {
                info.flag(ResponseFlag.UO);
            } else if (decision == Decision.NO_LIMIT_EXCEEDED) {
                info.flag(ResponseFlag.URX);
            }
        }

        void onData(UpstreamRequest from, ByteBuf data, boolean end) {
            if (done || from != attempt) {
                data.release();
                return;
            }
            if (end) {
                complete(from);
            }
            context().response().data(data, end);
        }

        void onTrailers(UpstreamRequest from, Headers trailers) {
            if (done || from != attempt) {
                return;
            }
            complete(from);
            context().response().trailers(trailers);
        }

        /** The upstream has said all. */
        private void complete(UpstreamRequest from) {
            if (requestEndNanos >= 0) {
                long millis = (worker().nanoTime() - requestEndNanos) / 1_000_000;
                cluster.stats().responseTime(ResponseGroup.ALL, millis);
                cluster.stats()
                        .responseTime(
                                info.internalRequest
                                        ? ResponseGroup.INTERNAL
                                        : ResponseGroup.EXTERNAL,
                                millis);
                groups.responseTime(millis);
            }
            if (!requestEnd) {
                from.stopSending();
            }
            finishAttempts();
        }

        private void retry(UpstreamRequest from, @Nullable Headers response, boolean end) {
            if (!end) {
                from.abandon();
            }
            attempt = null;
            RetryState state = retries;
            if (state != null) {
                worker().timers().schedule(backOff, state.backOff(response));
            }
        }

        private void tryAgain() {
            if (route.virtualHost().spec().includeRequestAttemptCount()) {
                request.set(HeaderName.X_ENVOY_ATTEMPT_COUNT, info.attemptCount + 1L);
            }
            long elapsed =
                    requestEndNanos < 0 ? 0 : (worker().nanoTime() - requestEndNanos) / 1_000_000;
            timeouts.announce(factory.spec, action, request, elapsed);
            newAttempt();
        }

        void onReset(UpstreamRequest from, ResetReason why, @Nullable String transportFailure) {
            if (done || from != attempt) {
                return;
            }
            countHost(from.host(), true);
            if (why != ResetReason.OVERFLOW) {
                // An overflow is the cluster's doing, not the host's.
                tellMonitor(from, LocalEvent.CONNECT_FAILED);
            }
            if (retries != null && !responseStarted) {
                Decision decision = retries.onReset(why, from.sentAnything());
                if (decision == Decision.YES) {
                    retry(from, null, true);
                    return;
                }
                noteRefusal(decision);
            }
            info.flag(UpstreamFailureText.flag(why));
            String details = UpstreamFailureText.details(responseStarted, why, transportFailure);
            finishAttempts();
            if (responseStarted) {
                factory.rqResetAfterStart.inc();
                info.responseCodeDetails(details);
                context().response().reset(ResetReason.LOCAL_RESET);
                return;
            }
            int status = UpstreamFailureText.status(why);
            charge(status);
            String text = UpstreamFailureText.body(why, info.attemptCount > 1);
            LocalReply reply = LocalReply.of(status, text, details);
            if (why == ResetReason.OVERFLOW && !factory.spec.suppressEnvoyHeaders()) {
                reply = reply.with(HeaderName.X_ENVOY_OVERLOADED, "true");
            }
            respond(reply);
        }

        // ---- timeouts
        // ------------------------------------------------------------------------------

        private void onGlobalTimeout() {
            cluster.stats().inc(ClusterCounter.UPSTREAM_RQ_TIMEOUT);
            groups.inc(ClusterCounter.UPSTREAM_RQ_TIMEOUT);
            info.flag(ResponseFlag.UT);
            if (attempt != null) {
                tellMonitor(attempt, LocalEvent.TIMEOUT);
            }
            timeOut("upstream request timeout", "response_timeout");
        }

        private void onMaxDuration() {
            cluster.stats().inc(ClusterCounter.UPSTREAM_RQ_MAX_DURATION_REACHED);
            info.flag(ResponseFlag.UMSDR);
            timeOut("upstream max stream duration reached", "upstream_max_stream_duration_reached");
        }

        void onPerTryTimeout(UpstreamRequest from, boolean idle) {
            if (done || from != attempt) {
                return;
            }
            cluster.stats()
                    .inc(
                            idle
                                    ? ClusterCounter.UPSTREAM_RQ_PER_TRY_IDLE_TIMEOUT
                                    : ClusterCounter.UPSTREAM_RQ_PER_TRY_TIMEOUT);
            countHost(from.host(), true);
            tellMonitor(from, LocalEvent.TIMEOUT);
            if (retries != null && !responseStarted) {
                Decision decision = retries.onPerTryTimeout();
                if (decision == Decision.YES) {
                    retry(from, null, false);
                    return;
                }
                noteRefusal(decision);
            }
            info.flag(ResponseFlag.UT);
            timeOut(
                    "upstream request timeout",
                    idle ? "upstream_per_try_idle_timeout" : "upstream_per_try_timeout");
        }

        private void timeOut(String text, String details) {
            if (attempt != null) {
                attempt.host().cells(worker().index()).inc(HostCells.Stat.RQ_TIMEOUT);
                attempt.abandon();
            }
            finishAttempts();
            if (responseStarted) {
                info.responseCodeDetails(details);
                context().response().reset(ResetReason.LOCAL_RESET);
                return;
            }
            int status = altResponse != null ? 204 : 504;
            charge(status);
            respond(LocalReply.of(status, altResponse != null ? "" : text, details));
        }

        // ---- the end
        // -------------------------------------------------------------------------------

        private void respond(LocalReply reply) {
            context().respond(reply);
        }

        private void charge(int status) {
            cluster.stats().response(ResponseGroup.ALL, status);
            groups.response(status);
            cluster.stats()
                    .response(
                            info.internalRequest ? ResponseGroup.INTERNAL : ResponseGroup.EXTERNAL,
                            status);
        }

        private void tellMonitor(UpstreamRequest of, LocalEvent event) {
            of.host().monitor().onLocalEvent(worker().index(), event);
        }

        private void countHost(Host host, boolean error) {
            host.cells(worker().index())
                    .inc(error ? HostCells.Stat.RQ_ERROR : HostCells.Stat.RQ_SUCCESS);
        }

        private void finishAttempts() {
            done = true;
            global.cancel();
            maxDuration.cancel();
            backOff.cancel();
            body.release();
            if (retries != null) {
                retries.settled();
            }
        }

        void end() {
            finishAttempts();
            if (attempt != null) {
                attempt.abandon();
            }
        }
    }

    /** Whether the policy forbids the hosts that were tried before. */
    static boolean avoidsPrevious(@Nullable RetryState retries) {
        return retries != null
                && retries.policy().hostPredicates().contains(HostPredicate.PREVIOUS_HOSTS);
    }

    private static Timer timer(Runnable onExpiry) {
        return new Timer() {
            @Override
            protected void expire() {
                onExpiry.run();
            }
        };
    }
}
