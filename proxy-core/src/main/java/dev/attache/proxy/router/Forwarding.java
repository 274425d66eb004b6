package dev.attache.proxy.router;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.router.RetryState.Decision;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.OutlierMonitor.LocalEvent;
import dev.attache.proxy.upstream.host.Pick;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.pool.Cancellable;
import dev.attache.proxy.upstream.pool.ClientLog;
import dev.attache.proxy.upstream.stats.ClusterCounter;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to a cluster: its attempts one after another, the time they have, and what
 * comes back. Owned by the stream's router; loop-confined.
 */
final class Forwarding {

    private final FilterContext context;
    private final RouterFactory factory;
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
    private boolean keepsBody;
    private final long bufferLimit;
    private final HostChoice choice;
    private final ResponseCharges charges;
    private final RequestMirrors mirrors;
    private final @Nullable String altResponse;
    private final Timer global = UpstreamRequest.timer(this::onGlobalTimeout);
    private final Timer maxDuration = UpstreamRequest.timer(this::onMaxDuration);
    private final Timer backOff = UpstreamRequest.timer(this::tryAgain);
    private @Nullable UpstreamRequest attempt;
    private @Nullable Headers requestTrailers;
    private boolean requestEnd;
    private boolean headersOnly;
    private long requestEndNanos = -1;
    private boolean responseStarted;
    private boolean done;

    Forwarding(
            RouterFactory factory,
            FilterContext context,
            Route route,
            RouteAction.Forward action,
            ClusterSelection selection,
            Cluster cluster,
            Headers request,
            boolean end) {
        this.factory = factory;
        this.context = context;
        this.route = route;
        this.action = action;
        this.selection = selection;
        this.cluster = cluster;
        this.request = request;
        this.info = context.info();
        this.priority = action.highPriority() ? Priority.HIGH : Priority.DEFAULT;
        this.headersOnly = end;
        this.requestEnd = end;
        this.altResponse = request.get(HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_ALT_RESPONSE);
        request.remove(HeaderName.X_ENVOY_UPSTREAM_RQ_TIMEOUT_ALT_RESPONSE);
        this.timeouts = RequestTimeouts.of(factory.spec, action, request);
        this.groups = factory.groups.of(route, request, info);
        this.retries =
                RetryState.of(factory.worker, cluster, groups, priority, action.retry(), request);
        this.bufferLimit =
                action.requestBodyBufferLimit() >= 0
                        ? action.requestBodyBufferLimit()
                        : cluster.spec().bufferLimitBytes();
        this.body = new RequestBody(bufferLimit);
        this.keepsBody = retries != null || action.internalRedirect() != null;
        this.charges = new ResponseCharges(cluster, groups, info, factory.worker);
        this.mirrors = new RequestMirrors(factory, context, bufferLimit);
        this.choice = new HostChoice(action, selection, retries, request, info);
    }

    // ---- what attempts ask

    WorkerContext worker() {
        return factory.worker;
    }

    Valve downstream() {
        return context.valve(Direction.REQUEST);
    }

    void source(Valve response) {
        context.source(response);
    }

    long bufferLimit() {
        return bufferLimit;
    }

    void poolReady(ConnectionInfo upstream) {
        RouterLog.poolReady(info, upstream);
    }

    boolean schemeMatchesUpstream() {
        return info.schemeMatchesUpstream;
    }

    // ---- the request

    void start() {
        info.attemptCount = 1;
        if (route.virtualHost().spec().includeRequestAttemptCount()) {
            request.set(HeaderName.X_ENVOY_ATTEMPT_COUNT, 1);
        }
        RequestFinalization.request(
                route, selection.weighted(), request, info, factory.spec.suppressEnvoyHeaders());
        RouterLog.request(info, request);
        long max = cluster.spec().http().maxStreamDurationMillis();
        if (max > 0) {
            factory.worker.timers().schedule(maxDuration, max);
        }
        if (requestEnd) {
            onRequestComplete();
        }
        newAttempt();
        if (!done || responseStarted) {
            mirrors.start(action, selection, request, headersOnly, timeouts.global());
        }
    }

    private void newAttempt() {
        Pick pick = cluster.choose(choice);
        if (!(pick instanceof Host host)) {
            cluster.stats().inc(ClusterCounter.UPSTREAM_CX_NONE_HEALTHY);
            RouterLog.noHost(info, cluster.spec().name());
            finishAttempts();
            info.flag(ResponseFlag.UH);
            charges.response(503);
            respond(LocalReply.of(503, "no healthy upstream", "no_healthy_upstream"));
            return;
        }
        UpstreamInfo upstream = info.upstreamForWriting();
        choice.tried(host);
        RequestFinalization.rewriteHostByEndpoint(
                action, host, request, info, factory.spec.suppressEnvoyHeaders());
        RouterLog.hostChosen(info, host);
        UpstreamRequest next = new UpstreamRequest(this, host, upstream);
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
        if (ConnectTunnel.isWanted(action, request)) {
            return cluster.newConnection(host, priority, options, next);
        }
        Protocol protocol = info.protocol() == null ? Protocol.HTTP11 : info.protocol();
        return cluster.newStream(
                host, priority, protocol, options, info.downstream().id(), next, next);
    }

    void data(ByteBuf data, boolean end) {
        if (done) {
            return;
        }
        if (keepsBody && !responseStarted && !body.keep(data)) {
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
        mirrors.data(data, end);
        if (attempt != null) {
            attempt.sendData(data.retain(), end);
        }
        if (end) {
            onRequestComplete();
        }
    }

    /** What a further try would have to send again is no longer whole. */
    private void giveUpRetries() {
        keepsBody = false;
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
        mirrors.trailers(trailers);
        if (attempt != null) {
            attempt.sendTrailers(trailers);
        }
        onRequestComplete();
    }

    private void onRequestComplete() {
        requestEndNanos = factory.worker.nanoTime();
        if (timeouts.global() > 0) {
            factory.worker.timers().schedule(global, timeouts.global());
        }
        if (attempt != null) {
            attempt.arm(timeouts.perTry(), timeouts.perTryIdle());
        }
    }

    // ---- responses

    void onInformational(Headers response) {
        charges.response((int) response.getLong(HeaderName.STATUS));
        context.response().informational(response);
    }

    void onHeaders(UpstreamRequest from, Headers response, boolean end) {
        if (done || from != attempt) {
            return;
        }
        RouterLog.responseHeaders(info, response, end);
        int status = (int) response.getLong(HeaderName.STATUS);
        info.responseCode(status);
        from.responseStarted();
        charges.answered(from.host(), response, status);
        if (retries != null) {
            Decision decision = retries.onResponse(response);
            if (decision == Decision.YES && !responseStarted) {
                charges.retried(status);
                charges.outcome(from.host(), true);
                retry(from, response, end);
                return;
            }
            RetryState.explain(decision, info);
        }
        charges.response(status);
        charges.taken(from.host(), response, status, RequestTimeouts.isGrpc(request), end);
        if (redirected(response, status)) {
            return;
        }
        if (from.refusedWebSocket(response)) {
            refuseWebSocket(from, response);
            return;
        }
        responseStarted = true;
        body.release();
        if (requestEndNanos >= 0 && !factory.spec.suppressEnvoyHeaders()) {
            response.set(HeaderName.X_ENVOY_UPSTREAM_SERVICE_TIME, millisSinceRequest());
        }
        for (String cookie : choice.cookiesToSet()) {
            response.add(HeaderName.SET_COOKIE, cookie);
        }
        if (info.responseCodeDetails() == null) {
            info.responseCodeDetails("via_upstream");
        }
        RequestFinalization.response(route, selection.weighted(), request, response, info);
        if (route.virtualHost().spec().includeAttemptCountInResponse()) {
            response.set(HeaderName.X_ENVOY_ATTEMPT_COUNT, info.attemptCount);
        }
        if (end) {
            complete(from);
        }
        context.response().headers(response, end);
    }

    Headers request() {
        return request;
    }

    /** As Envoy: status and headers are the upstream's, what comes behind them is not told. */
    private void refuseWebSocket(UpstreamRequest from, Headers response) {
        from.abandon();
        respond(ProtocolSwitch.refusal(response));
    }

    /** Follows the redirect where the route wants it followed: this stream is over then. */
    private boolean redirected(Headers response, int status) {
        RouteAction.InternalRedirect policy = action.internalRedirect();
        if (policy == null || !policy.responseCodes().contains(status)) {
            return false;
        }
        boolean whole = requestEnd && keepsBody && requestTrailers == null;
        if (whole && new InternalRedirects(factory, context, policy).prepare(response, status)) {
            cluster.stats().inc(ClusterCounter.UPSTREAM_INTERNAL_REDIRECT_SUCCEEDED_TOTAL);
            RouterLog.redirected(info, true);
            ByteBuf again = status == InternalRedirects.SEE_OTHER ? null : body.copy();
            context.recreateStream(again, response);
            return true;
        }
        cluster.stats().inc(ClusterCounter.UPSTREAM_INTERNAL_REDIRECT_FAILED_TOTAL);
        RouterLog.redirected(info, false);
        return false;
    }

    /** How long the upstream has had the whole request; 0 while it is not whole. */
    private long millisSinceRequest() {
        return requestEndNanos < 0 ? 0 : (factory.worker.nanoTime() - requestEndNanos) / 1_000_000;
    }

    void onData(UpstreamRequest from, ByteBuf data, boolean end) {
        if (done || from != attempt) {
            data.release();
            return;
        }
        if (end) {
            complete(from);
        }
        context.response().data(data, end);
    }

    void onTrailers(UpstreamRequest from, Headers trailers) {
        if (done || from != attempt) {
            return;
        }
        charges.ended(from.host(), trailers);
        complete(from);
        context.response().trailers(trailers);
    }

    /** The upstream has said all. */
    private void complete(UpstreamRequest from) {
        ClientLog.responseComplete(info.upstreamForWriting().connectionId);
        if (requestEndNanos >= 0) {
            charges.time(millisSinceRequest());
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
            RouterLog.retrying(info);
            factory.worker.timers().schedule(backOff, state.backOff(response));
        }
    }

    private void tryAgain() {
        info.attemptCount++;
        if (route.virtualHost().spec().includeRequestAttemptCount()) {
            request.set(HeaderName.X_ENVOY_ATTEMPT_COUNT, info.attemptCount);
        }
        timeouts.announce(factory.spec, action, request, millisSinceRequest());
        newAttempt();
    }

    void onReset(UpstreamRequest from, ResetReason why, @Nullable String transportFailure) {
        if (done || from != attempt) {
            return;
        }
        ClientLog.reset(from.connectionId(), why);
        RouterLog.reset(info, why, transportFailure);
        if (responseStarted) {
            countCutOff(from.host());
        } else {
            charges.outcome(from.host(), true);
        }
        if (why != ResetReason.OVERFLOW) {
            // An overflow is the cluster's doing, not the host's.
            charges.event(from.host(), LocalEvent.CONNECT_FAILED);
        }
        if (retries != null && !responseStarted) {
            Decision decision = retries.onReset(why, from.sentAnything());
            if (decision == Decision.YES) {
                retry(from, null, true);
                return;
            }
            RetryState.explain(decision, info);
        }
        info.flag(UpstreamFailureText.flag(why));
        String details = UpstreamFailureText.details(responseStarted, why, transportFailure);
        finishAttempts();
        if (responseStarted) {
            info.responseCodeDetails(details);
            context.response().reset(ResetReason.LOCAL_RESET);
            return;
        }
        charges.response(UpstreamFailureText.status(why));
        LocalReply reply = UpstreamFailureText.reply(why, info.attemptCount > 1, details);
        if (why == ResetReason.OVERFLOW && !factory.spec.suppressEnvoyHeaders()) {
            reply = reply.with(HeaderName.X_ENVOY_OVERLOADED, "true");
        }
        respond(reply);
    }

    /** Answers in the upstream's place. */
    private void respond(LocalReply reply) {
        boolean counts = route.virtualHost().spec().includeAttemptCountInResponse();
        context.respond(
                counts
                        ? reply.with(
                                HeaderName.X_ENVOY_ATTEMPT_COUNT,
                                Integer.toString(info.attemptCount))
                        : reply);
    }

    private void countCutOff(Host host) {
        if (charges.cutOff(host)) {
            factory.rqResetAfterStart.inc();
        }
    }

    // ---- timeouts

    private void onGlobalTimeout() {
        RouterLog.timeout(info, "upstream timeout");
        cluster.stats().inc(ClusterCounter.UPSTREAM_RQ_TIMEOUT);
        groups.inc(ClusterCounter.UPSTREAM_RQ_TIMEOUT);
        info.flag(ResponseFlag.UT);
        if (attempt != null) {
            charges.timedOut(attempt.host());
            if (responseStarted) {
                countCutOff(attempt.host());
            } else {
                charges.event(attempt.host(), LocalEvent.TIMEOUT);
                charges.outcome(attempt.host(), true);
            }
        }
        timeOut("upstream request timeout", "response_timeout");
    }

    private void onMaxDuration() {
        RouterLog.timeout(info, "upstream max stream duration reached");
        cluster.stats().inc(ClusterCounter.UPSTREAM_RQ_MAX_DURATION_REACHED);
        info.flag(ResponseFlag.UMSDR);
        timeOut("upstream max stream duration reached", "upstream_max_stream_duration_reached");
    }

    void onPerTryTimeout(UpstreamRequest from, boolean idle) {
        if (done || from != attempt) {
            return;
        }
        RouterLog.timeout(
                info, idle ? "upstream per try idle timeout" : "upstream per try timeout");
        cluster.stats()
                .inc(
                        idle
                                ? ClusterCounter.UPSTREAM_RQ_PER_TRY_IDLE_TIMEOUT
                                : ClusterCounter.UPSTREAM_RQ_PER_TRY_TIMEOUT);
        charges.timedOut(from.host());
        charges.outcome(from.host(), true);
        charges.event(from.host(), LocalEvent.TIMEOUT);
        if (retries != null && !responseStarted) {
            Decision decision = retries.onPerTryTimeout();
            if (decision == Decision.YES) {
                retry(from, null, false);
                return;
            }
            RetryState.explain(decision, info);
        }
        info.flag(ResponseFlag.UT);
        timeOut(
                "upstream request timeout",
                idle ? "upstream_per_try_idle_timeout" : "upstream_per_try_timeout");
    }

    private void timeOut(String text, String details) {
        if (attempt != null) {
            attempt.abandon();
        }
        finishAttempts();
        if (responseStarted) {
            info.responseCodeDetails(details);
            context.response().reset(ResetReason.LOCAL_RESET);
            return;
        }
        int status = altResponse != null ? 204 : 504;
        charges.response(status);
        respond(LocalReply.of(status, altResponse != null ? "" : text, details));
    }

    // ---- the end

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
        mirrors.cancelUnfinished();
        if (attempt != null) {
            attempt.abandon();
        }
    }
}
