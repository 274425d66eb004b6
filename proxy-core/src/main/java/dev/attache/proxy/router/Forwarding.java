package dev.attache.proxy.router;

import dev.attache.proxy.attempt.AttemptRecord;
import dev.attache.proxy.attempt.RequestGroups;
import dev.attache.proxy.attempt.ResponseCharges;
import dev.attache.proxy.attempt.RetryState;
import dev.attache.proxy.attempt.RetryState.Decision;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.overload.LoadShedPoint;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.RequestPolicies;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.router.rewrite.RequestFinalization;
import dev.attache.proxy.router.rewrite.ResponseFinalization;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.OutlierMonitor.LocalEvent;
import dev.attache.proxy.upstream.host.Pick;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.pool.ClientLog;
import dev.attache.proxy.upstream.stats.ClusterCounter;
import dev.attache.proxy.worker.Timer;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to a cluster: its attempts one after another, the time they have, and what
 * comes back. Owned by the stream's router; loop-confined.
 *
 * <p>Longer than files here should be: each event of an attempt is judged by what the others have
 * left of the request.
 */
final class Forwarding {

    private final FilterContext context;
    private final RouterFactory factory;
    private final Route route;
    private final RouteAction.Forward action;
    private ClusterSelection selection;
    private Cluster cluster;

    /** Whose connections the attempt uses: a member where the cluster is an aggregate. */
    private Cluster carrier;

    private final Headers request;
    private final StreamInfo info;
    private final Priority priority;
    private RequestTimeouts timeouts = RequestTimeouts.NONE;
    private final RequestGroups groups;
    private @Nullable RetryState retries;
    private final RequestBody body;
    private boolean keepsBody;
    private final long bufferLimit;
    private final HostChoice choice;
    private ResponseCharges charges;
    private final RequestPolicies policies;
    private @Nullable ClusterRefresh refresh;
    private final RequestMirrors mirrors;
    private @Nullable Timer global;
    private @Nullable Timer backOff;
    private @Nullable UpstreamRequest attempt;

    /** Gives up waiting for a host. */
    private @Nullable Runnable hostWait;

    private @Nullable Headers requestTrailers;
    private boolean requestEnd;
    private boolean headersOnly;
    private long requestEndNanos = -1;
    private boolean responseStarted;
    private boolean interimCounted;
    private boolean timedOutBefore;
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
        this.carrier = cluster;
        this.request = request;
        this.info = context.info();
        this.priority = action.highPriority() ? Priority.HIGH : Priority.DEFAULT;
        this.headersOnly = end;
        this.requestEnd = end;
        this.groups = factory.groups.of(route, request, info);
        this.bufferLimit = RequestBody.limit(action, context);
        this.body = new RequestBody(bufferLimit, context.memory(), factory.worker.allocator());
        this.charges = ResponseCharges.of(request, info, groups, factory.worker, cluster);
        this.mirrors = new RequestMirrors(factory, context, bufferLimit);
        this.policies = cluster.spec().http().policies();
        this.choice =
                HostChoice.of(policies.hashPolicies(action), action, selection, request, info);
    }

    /** The pool has a stream for the attempt: from now on it has the time of one attempt. */
    void onPoolReady(UpstreamRequest from) {
        groups.inc(ClusterCounter.UPSTREAM_RQ_TOTAL);
        RequestFinalization.rewriteHostByEndpoint(
                action, from.host(), request, factory.spec.suppressEnvoyHeaders());
        from.injectTrace(request);
        if (requestEnd) {
            from.timers().arm(timeouts);
        }
        long asked = timeouts.maxStreamDuration();
        from.timers().limit(asked >= 0 ? asked : carrier.spec().http().maxStreamDurationMillis());
    }

    /** The request is changed before a host is looked for: balancers and logs see it as it goes. */
    void start() {
        timeouts = RequestTimeouts.of(factory.spec, action, request);
        info.attemptCount = 1;
        RequestFinalization.firstAttempt(route, request);
        RequestFinalization.request(
                route, selection.weighted(), request, info, factory.spec.suppressEnvoyHeaders());
        RouterLog.request(info, request);
        retries =
                RetryState.of(
                        factory.worker, cluster, groups, priority, policies.retry(action), request);
        choice.retries(retries);
        if (retries != null && retries.policy().refreshCluster()) {
            refresh = new ClusterRefresh(factory, action, selection, request, info);
            retries.refresh(refresh);
        }
        keepsBody = retries != null || action.internalRedirect() != null;
        Host host = pick();
        if (host != null) {
            firstAttempt(host);
        }
    }

    /** There is no attempt yet, as its host is waited for. */
    boolean awaitsHost() {
        return hostWait != null;
    }

    private void firstAttempt(Host host) {
        if (factory.overload.sheds(LoadShedPoint.HTTP_DOWNSTREAM_FILTER_CHECK)) {
            factory.counts().rqOverloadLocalReply.inc();
            finishAttempts();
            context.respond(UpstreamFailureText.OVERLOADED);
            return;
        }
        if (info.schemeMatchesUpstream) {
            request.set(HeaderName.SCHEME, cluster.isSecure(host) ? "https" : "http");
        }
        mirrors.prepare(policies.mirrors(action), request);
        if (requestEnd) {
            onRequestComplete();
        } else if (timeouts.webSocket()) {
            armGlobal(factory.worker.nanoTime());
        }
        attempt(host);
        if (headersOnly || !done || responseStarted) {
            mirrors.start(headersOnly, timeouts.global(), choice);
        }
    }

    /** Null, with an answer given, where there is none to pick, and where one is waited for. */
    private @Nullable Host pick() {
        Pick picked = cluster.choose(choice);
        if (picked instanceof Host host) {
            return host;
        }
        if (picked instanceof Pick.Later later) {
            hostWait = later.await(context.guarded(this::onHost));
            return null;
        }
        if (choice.waits()) {
            cluster.stats().inc(ClusterCounter.UPSTREAM_CX_NONE_HEALTHY);
        }
        RouterLog.noHost(info, cluster.spec().name());
        noHost(picked);
        return null;
    }

    /** The wait for a host is over. */
    private void onHost() {
        hostWait = null;
        choice.waited();
        Host host = pick();
        if (host == null) {
            return;
        }
        if (info.attemptCount > 1) {
            furtherAttempt(host);
            return;
        }
        firstAttempt(host);
        if (!done) {
            context.takeOver(Direction.REQUEST);
        }
    }

    private void noHost(Pick instead) {
        finishAttempts();
        info.flag(ResponseFlag.UH);
        int status = choice.statusWithout();
        charges.response(status);
        respond(UpstreamFailureText.noHost(status, instead));
    }

    /** Whether there is a cluster for a further try. */
    private boolean refreshed() {
        if (refresh == null) {
            return true;
        }
        Cluster next = refresh.cluster();
        if (next == null) {
            info.clusterName = null;
            info.cluster = null;
            info.clusterObservabilityName = null;
            noHost(Pick.None.NO_HEALTHY_UPSTREAM);
            return false;
        }
        selection = refresh.selection();
        if (next != cluster) {
            cluster = next;
            charges = ResponseCharges.of(request, info, groups, factory.worker, next);
            Router.tell(next, request, info);
        }
        choice.moveTo(next.spec().http().policies().hashPolicies(action), action, selection);
        return true;
    }

    private void attempt(Host host) {
        UpstreamInfo upstream = info.upstreamForWriting();
        upstream.beginAttempt();
        carrier = cluster.of(host);
        choice.tried(host);
        RouterLog.hostChosen(info, host);
        UpstreamRequest next =
                new UpstreamRequest(this, context, factory.worker, bufferLimit, host, upstream);
        attempt = next;
        next.trace(AttemptTrace.begin(factory, context, cluster.spec(), upstream));
        UpstreamChain filters = upstreamFilters();
        if (filters != null) {
            // As in Envoy, a stream is asked for before they see the request.
            next.filters(new AttemptFilters(next, this, context, filters, bufferLimit));
            open(next);
        }
        if (next == attempt && !done) {
            next.sendHeaders(request, headersOnly);
        }
        if (!headersOnly && next == attempt && !done) {
            next.resume(body.copy(), requestEnd, requestTrailers, info.attemptCount > 1);
        }
        if (filters == null) {
            open(next);
        }
    }

    /** Those of the cluster, or else those of the router; null where neither has any. */
    private @Nullable UpstreamChain upstreamFilters() {
        UpstreamChain ofCluster = (UpstreamChain) cluster.filters();
        return ofCluster != null ? ofCluster : factory.upstreamFilters;
    }

    private void open(UpstreamRequest next) {
        if (timeouts.webSocket()) {
            next.timers().arm(timeouts);
        }
        TransportOptions options =
                choice.transportOptions(
                        cluster.spec(), cluster.of(next.host()).spec(), next.host());
        next.open(cluster, priority, options, info, ConnectTunnel.isWanted(action, request));
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
                cancel(backOff);
                finishAttempts();
                respond(UpstreamFailureText.BODY_NOT_KEPT);
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

    private void armGlobal(long now) {
        if (timeouts.global() > 0) {
            Timer timer = global;
            if (timer == null) {
                timer = context.timer(this::onGlobalTimeout);
                global = timer;
            }
            factory.worker.timers().schedule(timer, timeouts.global(), now);
        }
    }

    private void onRequestComplete() {
        if (done) {
            // Sending the end has ended it: no timer may run on.
            return;
        }
        requestEndNanos = factory.worker.nanoTime();
        armGlobal(requestEndNanos);
        if (attempt != null && attempt.isOpen()) {
            attempt.timers().arm(timeouts);
        }
    }

    /** An interim response is one for the client: there is no other attempt after it. */
    void onInformational(UpstreamRequest from, Headers response) {
        if (done || from != attempt) {
            return;
        }
        if (!interimCounted) {
            // Only the first is passed on.
            interimCounted = true;
            charges.response((int) response.getLong(HeaderName.STATUS));
        }
        responseStarted = true;
        giveUpRetries();
        context.response().informational(response);
    }

    /**
     * @param now of the worker's clock, as below
     */
    void onHeaders(UpstreamRequest from, Headers response, boolean end, long now) {
        if (done || from != attempt) {
            return;
        }
        RouterLog.responseHeaders(info, response, end);
        int status = (int) response.getLong(HeaderName.STATUS);
        from.timers().answered();
        charges.answered(from.host(), response, status);
        if (retries != null) {
            Decision decision = retries.onResponse(response);
            if (decision == Decision.YES) {
                charges.retried(from.host(), status);
                retry(from, response, false);
                return;
            }
            RetryState.explain(decision, info);
        }
        info.responseCode(status);
        if (!redirected(response, status)) {
            passOn(from, response, status, end, now);
        }
    }

    private void passOn(UpstreamRequest from, Headers response, int status, boolean end, long now) {
        if (status == 101) {
            cancel(global);
            from.timers().switched();
        }
        charges.response(status);
        charges.passedOn(from.host(), response, status, end);
        if (from.refusedWebSocket(response)) {
            from.abandon();
            respond(ProtocolSwitch.refusal(response));
            return;
        }
        responseStarted = true;
        body.release();
        if (requestEndNanos >= 0 && !factory.spec.suppressEnvoyHeaders()) {
            response.set(HeaderName.X_ENVOY_UPSTREAM_SERVICE_TIME, millisSinceRequest(now));
        }
        ResponseFinalization.upstream(
                route, selection.weighted(), choice.cookiesToSet(), request, response, info);
        if (end) {
            complete(from, now);
        }
        context.response().headers(response, end);
    }

    /** Follows the redirect where the route wants it followed: this stream is over then. */
    private boolean redirected(Headers response, int status) {
        RouteAction.InternalRedirect policy = action.internalRedirect();
        if (policy == null || !policy.responseCodes().contains(status)) {
            return false;
        }
        boolean whole = requestEnd && keepsBody && requestTrailers == null;
        boolean followed =
                new InternalRedirects(factory, context, policy)
                        .follow(response, status, whole ? body : null);
        charges.redirected(followed);
        RouterLog.redirected(info, followed);
        return followed;
    }

    /** How long the upstream has had the whole request; 0 while it is not whole. */
    private long millisSinceRequest(long now) {
        return requestEndNanos < 0 ? 0 : (now - requestEndNanos) / 1_000_000;
    }

    void onData(UpstreamRequest from, ByteBuf data, boolean end, long now) {
        if (done || from != attempt) {
            data.release();
            return;
        }
        if (end) {
            charges.endedWithoutTrailers(from.host());
            complete(from, now);
        }
        context.response().data(data, end);
    }

    void onTrailers(UpstreamRequest from, Headers trailers, long now) {
        if (done || from != attempt) {
            return;
        }
        charges.endedWithTrailers(from.host(), trailers);
        complete(from, now);
        context.response().trailers(trailers);
    }

    /** The upstream has said all. */
    private void complete(UpstreamRequest from, long now) {
        ClientLog.responseComplete(info.upstreamForWriting().connectionId);
        if (requestEndNanos >= 0) {
            charges.time(millisSinceRequest(now));
        }
        from.stopSending();
        finishAttempts();
    }

    private void retry(UpstreamRequest from, @Nullable Headers response, boolean timeout) {
        timedOutBefore = timeout;
        from.abandon();
        attempt = null;
        RetryState state = retries;
        if (state != null) {
            RouterLog.retrying(info);
            Timer timer = backOff;
            if (timer == null) {
                timer = context.timer(this::tryAgain);
                backOff = timer;
            }
            factory.worker.timers().schedule(timer, state.backOff(response));
        }
    }

    private void tryAgain() {
        info.attemptCount++;
        choice.again();
        Host host = refreshed() ? pick() : null;
        if (host != null) {
            furtherAttempt(host);
        }
    }

    private void furtherAttempt(Host host) {
        RequestFinalization.furtherAttempt(route, request, info, timedOutBefore);
        long elapsed = millisSinceRequest(factory.worker.nanoTime());
        timeouts.announce(factory.spec, action, request, elapsed);
        attempt(host);
    }

    void onReset(UpstreamRequest from, ResetReason why, @Nullable String transportFailure) {
        if (done || from != attempt) {
            return;
        }
        ClientLog.reset(from.connectionId(), why);
        RouterLog.reset(info, why, transportFailure);
        if (why != ResetReason.OVERFLOW) {
            // An overflow is the cluster's doing, not the host's.
            charges.event(from.host(), LocalEvent.CONNECT_FAILED);
        }
        if (retriedReset(from, why, false)) {
            return;
        }
        abort(from, UpstreamFailureText.status(why));
        info.flag(AttemptRecord.flag(why));
        String details = UpstreamFailureText.details(responseStarted, why, transportFailure);
        finishAttempts();
        LocalReply reply = UpstreamFailureText.reply(why, info.attemptCount > 1, details);
        if (why == ResetReason.OVERFLOW && !factory.spec.suppressEnvoyHeaders()) {
            reply = reply.with(HeaderName.X_ENVOY_OVERLOADED, "true");
        }
        respond(reply);
    }

    /** Answers in the upstream's place. */
    private void respond(LocalReply reply) {
        context.respond(ResponseFinalization.instead(route, reply, info));
    }

    /** Whether the end of an attempt before its response leads to another one. */
    private boolean retriedReset(UpstreamRequest from, ResetReason why, boolean timeout) {
        if (retries == null || responseStarted) {
            return false;
        }
        Decision decision = retries.onReset(why, from.sentAnything());
        if (decision == Decision.YES) {
            charges.outcome(from.host(), true);
            retry(from, null, timeout);
            return true;
        }
        RetryState.explain(decision, info);
        return false;
    }

    /** Counts an attempt that ended early for good. */
    private void abort(UpstreamRequest from, int status) {
        if (charges.aborted(from.reachedHost() ? from.host() : null, responseStarted, status)) {
            factory.counts().rqResetAfterStart.inc();
        }
    }

    private void onGlobalTimeout() {
        RouterLog.timeout(info, "upstream timeout");
        UpstreamRequest late = attempt;
        if (late != null) {
            cluster.stats().inc(ClusterCounter.UPSTREAM_RQ_TIMEOUT);
            groups.inc(ClusterCounter.UPSTREAM_RQ_TIMEOUT);
            charges.timedOut(late.host());
            if (late.awaitsHeaders()) {
                charges.event(late.host(), LocalEvent.TIMEOUT);
                abort(late, timeouts.status());
            }
            late.abandon();
        }
        timedOut("response_timeout");
    }

    /** {@code max_stream_duration} of the cluster, or what the request asked for. */
    void onMaxDuration(UpstreamRequest from) {
        if (done || from != attempt) {
            return;
        }
        RouterLog.timeout(info, "upstream max stream duration reached");
        carrier.stats().inc(ClusterCounter.UPSTREAM_RQ_MAX_DURATION_REACHED);
        from.abandon();
        if (retriedReset(from, ResetReason.LOCAL_RESET, false)) {
            return;
        }
        finishAttempts();
        info.flag(ResponseFlag.UMSDR);
        respond(UpstreamFailureText.tookTooLong(requestEnd));
    }

    void onPerTryTimeout(UpstreamRequest from, boolean idle) {
        if (done || from != attempt || (responseStarted && !idle)) {
            return;
        }
        RouterLog.timeout(
                info, idle ? "upstream per try idle timeout" : "upstream per try timeout");
        charges.perTryTimedOut(from.host(), idle);
        from.timedOut();
        if (retriedReset(from, ResetReason.LOCAL_RESET, true)) {
            return;
        }
        abort(from, timeouts.status());
        timedOut(idle ? "upstream_per_try_idle_timeout" : "upstream_per_try_timeout");
    }

    private void timedOut(String details) {
        info.flag(ResponseFlag.UT);
        finishAttempts();
        respond(UpstreamFailureText.timedOut(timeouts.status(), details));
    }

    /** A filter has taken away what makes it a request: as in Envoy, the client's fault. */
    void onUnsendable(UpstreamRequest from, String missingHeader) {
        if (done || from != attempt) {
            return;
        }
        from.abandon();
        finishAttempts();
        info.flag(ResponseFlag.DPE);
        context.respond(RequiredHeaders.reply(missingHeader));
    }

    /** An upstream filter answers in the upstream's place. */
    void onFilterReply(UpstreamRequest from, LocalReply reply) {
        if (done || from != attempt) {
            return;
        }
        from.abandon();
        finishAttempts();
        context.respond(reply);
    }

    private static void cancel(@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    private void finishAttempts() {
        done = true;
        cancel(global);
        cancel(backOff);
        Runnable waiting = hostWait;
        if (waiting != null) {
            hostWait = null;
            waiting.run();
        }
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
