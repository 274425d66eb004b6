package dev.attache.proxy.call;

import dev.attache.proxy.address.LocalAddressOfHost;
import dev.attache.proxy.attempt.AttemptRecord;
import dev.attache.proxy.attempt.RequestGroups;
import dev.attache.proxy.attempt.ResponseCharges;
import dev.attache.proxy.attempt.RetryState;
import dev.attache.proxy.attempt.RetryState.Decision;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.connection.WatermarkListener;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.http.grpc.GrpcContent;
import dev.attache.proxy.memory.KeptBody;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.route.RetryPolicy;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.tracing.AttemptFacts;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.OutlierMonitor.LocalEvent;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.stats.ClusterCounter;
import dev.attache.proxy.worker.Faults;
import dev.attache.proxy.worker.Timer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One call: its attempts one after another, the time they have, and what comes back. Loop-confined.
 *
 * <p>A little longer than files here should be: each event of an attempt is judged by what the
 * others have left of the request.
 */
final class OpenCall implements UpstreamCall, Valve, WatermarkListener {

    private final WorkerCalls owner;
    private final CallScope scope;
    private final Headers head;
    private final CallOptions options;
    private final CallListener listener;
    private final MemoryAccount payer;
    private final UpstreamInfo info = new UpstreamInfo();
    private final Timer whole = new Deadline(this::onTimeout);
    private final Timer perTry = new Deadline(this::onPerTryTimeout);
    private final Timer backOff = new Deadline(this::tryAgain);
    private @Nullable Cluster cluster;
    private @Nullable ResponseCharges charges;
    private @Nullable CallPick pick;
    private @Nullable RetryState retries;
    private @Nullable KeptBody kept;
    private @Nullable CallAttempt attempt;
    private @Nullable Headers requestTrailers;
    private boolean headersOnly;
    private boolean requestEnd;
    private long requestEndNanos = -1;
    private boolean responseBegan;
    private boolean above;
    private int holds;
    private int attempts;
    private int failedWith;
    private @Nullable ResponseFlag flag;

    /** Nothing is done for it any more; a failure may still have to be told. */
    private boolean done;

    /** The listener hears nothing more. */
    private boolean over;

    /** Given up by its maker, be it over or not. */
    private boolean unwanted;

    /** A timer that says what it is for when it is made; what that throws costs the call. */
    private final class Deadline extends Timer {
        private final Runnable onExpiry;

        Deadline(Runnable onExpiry) {
            this.onExpiry = onExpiry;
        }

        @Override
        protected void expire() {
            tell(onExpiry);
        }
    }

    OpenCall(
            WorkerCalls owner,
            CallScope scope,
            Headers head,
            CallOptions options,
            CallListener listener) {
        this.owner = owner;
        this.scope = scope;
        this.head = head;
        this.options = options;
        this.listener = listener;
        this.payer = options.payer() != null ? options.payer() : owner.worker.memory().shared();
    }

    /**
     * Sends the head on its way.
     *
     * @param to null where there is none of that name
     */
    void start(@Nullable Cluster to, String name, boolean end) {
        headersOnly = end;
        requestEnd = end;
        if (to != null && options.span() != null) {
            options.span().begin(name, head, owner.worker.nanoTime());
        }
        if (to == null) {
            fail(CallFailure.noCluster(name));
            return;
        }
        cluster = to;
        if (!options.isBare()) {
            owner.rqTotal.inc();
        }
        prepareHead();
        charges =
                new ResponseCharges(
                        to,
                        RequestGroups.NONE,
                        options.internal(),
                        owner.worker,
                        GrpcContent.isGrpc(head));
        retries =
                RetryState.of(
                        owner.worker,
                        to,
                        RequestGroups.NONE,
                        Priority.DEFAULT,
                        retryPolicy(to),
                        head);
        RetryPolicy policy = retries == null ? null : retries.policy();
        pick = new CallPick(to.spec(), head, options, policy);
        attempt(to, pick);
        if (end && !done) {
            onRequestComplete();
        }
    }

    /** Nobody waits for a copy: it is made once. */
    private @Nullable RetryPolicy retryPolicy(Cluster to) {
        if (options.retry() != null || options.client() != null) {
            return options.retry();
        }
        return to.spec().http().policies().retry();
    }

    /** As Envoy's async client marks what it sends, and its router says how long there is. */
    private void prepareHead() {
        if (options.internal()) {
            head.set(HeaderName.X_ENVOY_INTERNAL, "true");
        }
        if (options.forwardedFor()) {
            head.appendJoined(HeaderName.X_FORWARDED_FOR, LocalAddressOfHost.V4.host(), ",");
        }
        long perAttempt = options.retry() == null ? 0 : options.retry().perTryTimeoutMillis();
        long whole = options.timeoutMillis();
        long expected = perAttempt > 0 && (whole <= 0 || perAttempt < whole) ? perAttempt : whole;
        if (expected > 0 && !options.isBare()) {
            head.set(HeaderName.X_ENVOY_EXPECTED_RQ_TIMEOUT_MS, expected);
        }
        if (!head.contains(HeaderName.SCHEME)) {
            head.set(HeaderName.SCHEME, "http");
        }
    }

    private void attempt(Cluster to, CallPick context) {
        if (!(to.choose(context) instanceof Host host)) {
            to.stats().inc(ClusterCounter.UPSTREAM_CX_NONE_HEALTHY);
            charges().response(503);
            fail(CallFailure.NO_HOST);
            return;
        }
        info.beginAttempt();
        context.tried(host);
        CallAttempt next =
                new CallAttempt(this, owner.worker, to, host, info, payer, head, headersOnly);
        attempt = next;
        attempts++;
        next.begin();
        KeptBody body = kept;
        if (body != null) {
            next.send(body.copy(), requestEnd && requestTrailers == null);
        } else if (!headersOnly && requestEnd && requestTrailers == null) {
            next.send(Unpooled.EMPTY_BUFFER, true);
        }
        if (requestTrailers != null) {
            next.send(requestTrailers);
        }
        next.open(context.transportOptions(host), options.client());
        if (attempt == next) {
            checkFull();
        }
    }

    private ResponseCharges charges() {
        ResponseCharges known = charges;
        if (known == null) {
            throw new IllegalStateException("the call has no cluster");
        }
        return known;
    }

    long bufferLimit() {
        return options.bufferLimit();
    }

    int attemptCount() {
        return attempts;
    }

    // ---- the request -------------------------------------------------------------------------

    @Override
    public void data(ByteBuf data, boolean end) {
        if (done || requestEnd) {
            data.release();
            return;
        }
        if (retries != null && !responseBegan && !keep(data)) {
            data.release();
            return;
        }
        requestEnd = end;
        if (attempt != null) {
            attempt.send(data, end);
        } else {
            data.release();
        }
        if (end) {
            onRequestComplete();
        }
    }

    /** Whether the call goes on: what a retry that is waited for would need may be too much. */
    private boolean keep(ByteBuf data) {
        KeptBody into = kept;
        if (into == null) {
            into = new KeptBody(payer, owner.worker.allocator());
            kept = into;
        }
        if (into.size() + data.readableBytes() <= options.bufferLimit()) {
            into.add(data.retainedSlice());
            return true;
        }
        giveUpRetries();
        if (cluster != null) {
            cluster.stats().inc(ClusterCounter.RETRY_OR_SHADOW_ABANDONED);
        }
        if (attempt == null) {
            fail(CallFailure.tooLarge("exceeded request buffer limit while retrying", false));
            return false;
        }
        return true;
    }

    private void giveUpRetries() {
        if (kept != null) {
            kept.release();
            kept = null;
        }
        if (retries != null) {
            retries.settled();
            retries = null;
        }
    }

    @Override
    public void trailers(Headers trailers) {
        if (done || requestEnd) {
            return;
        }
        requestEnd = true;
        requestTrailers = trailers;
        if (attempt != null) {
            attempt.send(trailers);
        }
        onRequestComplete();
    }

    private void onRequestComplete() {
        if (done) {
            return;
        }
        requestEndNanos = owner.worker.nanoTime();
        if (options.timeoutMillis() > 0) {
            owner.worker.timers().schedule(whole, options.timeoutMillis());
        }
        if (attempt != null && attempt.stream() != null) {
            armPerTry();
        }
    }

    void onPoolReady(CallAttempt from) {
        if (requestEnd && from == attempt) {
            armPerTry();
        }
    }

    private void armPerTry() {
        RetryState state = retries;
        long millis = state == null ? 0 : state.policy().perTryTimeoutMillis();
        boolean useful = options.timeoutMillis() == 0 || millis < options.timeoutMillis();
        if (millis > 0 && useful && !perTry.armed()) {
            owner.worker.timers().schedule(perTry, millis);
        }
    }

    @Override
    public void onAboveHighWatermark() {
        if (!above && !done && !requestEnd) {
            above = true;
            tell(listener::onAboveHighWatermark);
        }
    }

    @Override
    public void onBelowLowWatermark() {
        if (above) {
            above = false;
            tell(listener::onBelowLowWatermark);
        }
    }

    /** What its maker sends it next has been too much before it was here. */
    void beginsAbove() {
        above = true;
    }

    /** Lets the maker go on where what has waited is more than should no longer. */
    void checkFull() {
        if (above && (attempt == null || !attempt.isFull())) {
            onBelowLowWatermark();
        }
    }

    @Override
    public boolean isOpen() {
        return !done;
    }

    @Override
    public boolean isAboveHighWatermark() {
        return above;
    }

    // ---- the response --------------------------------------------------------------------------

    void onInformational(Headers response) {
        charges().response((int) response.getLong(HeaderName.STATUS));
    }

    void onHeaders(CallAttempt from, Headers response, boolean end) {
        if (done || from != attempt) {
            return;
        }
        perTry.cancel();
        int status = (int) response.getLong(HeaderName.STATUS);
        charges().answered(from.host(), response, status);
        if (retries != null && retries.onResponse(response) == Decision.YES) {
            charges().retried(from.host(), status);
            from.abandon();
            retry(response);
            return;
        }
        charges().response(status);
        charges().passedOn(from.host(), response, status, end);
        responseBegan = true;
        if (options.span() != null) {
            options.span().answered(response, status);
        }
        giveUpRetries();
        if (requestEndNanos >= 0) {
            response.set(HeaderName.X_ENVOY_UPSTREAM_SERVICE_TIME, millisSinceRequest());
        }
        HttpStream stream = from.stream();
        for (int i = 0; i < holds && stream != null; i++) {
            stream.input().hold();
        }
        if (end) {
            complete(from);
        }
        tell(() -> listener.onHeaders(response, end));
    }

    /** A filter has answered in the host's place, which is nothing to try again for. */
    void onReply(CallAttempt from, Headers reply, byte[] body) {
        if (done || from != attempt) {
            return;
        }
        stop();
        attempt = null;
        if (options.span() != null) {
            options.span().answered(reply, (int) reply.getLong(HeaderName.STATUS));
        }
        later(() -> {
            listener.onHeaders(reply, body.length == 0);
            if (body.length > 0 && !unwanted) {
                listener.onData(Unpooled.wrappedBuffer(body), true);
            }
        });
    }

    void onData(CallAttempt from, ByteBuf data, boolean end) {
        if (done || from != attempt) {
            data.release();
            return;
        }
        if (end) {
            charges().endedWithoutTrailers(from.host());
            complete(from);
        }
        tell(() -> listener.onData(data, end));
    }

    void onTrailers(CallAttempt from, Headers trailers) {
        if (done || from != attempt) {
            return;
        }
        charges().endedWithTrailers(from.host(), trailers);
        if (options.span() != null) {
            options.span().trailers(trailers);
        }
        complete(from);
        tell(() -> listener.onTrailers(trailers));
    }

    private void complete(CallAttempt from) {
        if (requestEndNanos >= 0) {
            charges().time(millisSinceRequest());
        }
        from.stopSending();
        stop();
        end();
    }

    private long millisSinceRequest() {
        return (owner.worker.nanoTime() - requestEndNanos) / 1_000_000;
    }

    private void retry(@Nullable Headers response) {
        attempt = null;
        RetryState state = retries;
        if (state != null) {
            owner.worker.timers().schedule(backOff, state.backOff(response));
        }
    }

    private void tryAgain() {
        if (!done && cluster != null && pick != null) {
            attempt(cluster, pick);
        }
    }

    void onReset(CallAttempt from, ResetReason why) {
        if (done || from != attempt) {
            return;
        }
        if (why != ResetReason.OVERFLOW) {
            charges().event(from.host(), LocalEvent.CONNECT_FAILED);
        }
        if (!retried(from, why)) {
            flag = AttemptRecord.flag(why);
            abort(from, CallFailure.status(why));
            fail(CallFailure.reset(why, responseBegan));
        }
    }

    /** Whether the end of an attempt before its response leads to another one. */
    private boolean retried(CallAttempt from, ResetReason why) {
        perTry.cancel();
        if (retries == null
                || responseBegan
                || retries.onReset(why, from.sentAnything()) != Decision.YES) {
            return false;
        }
        charges().outcome(from.host(), true);
        retry(null);
        return true;
    }

    /** Counts an attempt that ended early for good. */
    private void abort(CallAttempt from, int status) {
        if (charges().aborted(from.reachedHost() ? from.host() : null, responseBegan, status)) {
            // Of a bare call nobody asks.
            if (!options.isBare()) {
                owner.rqResetAfterStart.inc();
            }
        }
    }

    private void onTimeout() {
        CallAttempt late = attempt;
        if (late != null && cluster != null) {
            cluster.stats().inc(ClusterCounter.UPSTREAM_RQ_TIMEOUT);
            charges().timedOut(late.host());
            if (late.awaitsHeaders()) {
                charges().event(late.host(), LocalEvent.TIMEOUT);
                abort(late, 504);
            }
            late.abandon();
        }
        fail(CallFailure.timeout(responseBegan));
    }

    private void onPerTryTimeout() {
        CallAttempt late = attempt;
        if (done || late == null || responseBegan) {
            return;
        }
        charges().perTryTimedOut(late.host(), false);
        late.abandon();
        if (!retried(late, ResetReason.LOCAL_RESET)) {
            abort(late, 504);
            fail(CallFailure.timeout(false));
        }
    }

    // ---- the end -------------------------------------------------------------------------------

    /** The listener hears of it in a turn of its own: not amid what it asked for itself. */
    private void fail(CallFailure why) {
        if (done) {
            return;
        }
        stop();
        attempt = null;
        failedWith = why.status();
        if (flag == null) {
            flag = flag(why);
        }
        later(() -> listener.onFailure(why));
    }

    private void later(Runnable last) {
        owner.worker
                .eventLoop()
                .execute(() -> {
                    if (!over) {
                        end();
                        tell(last);
                    }
                });
    }

    @Override
    public void cancel() {
        unwanted = true;
        if (over) {
            return;
        }
        CallAttempt open = attempt;
        stop();
        end();
        if (open != null) {
            open.abandon();
        }
        listener.onCancelled();
    }

    /** Nothing more is done for it. */
    private void stop() {
        done = true;
        whole.cancel();
        perTry.cancel();
        backOff.cancel();
        giveUpRetries();
        if (above) {
            above = false;
            tell(listener::onBelowLowWatermark);
        }
    }

    private void end() {
        if (!over) {
            over = true;
            finishSpan();
            scope.ended(this);
            owner.ended(options);
        }
    }

    private static @Nullable ResponseFlag flag(CallFailure why) {
        return switch (why.kind()) {
            case NO_CLUSTER -> ResponseFlag.NC;
            case NO_HOST -> ResponseFlag.UH;
            case OVERFLOW -> ResponseFlag.UO;
            case TIMEOUT -> ResponseFlag.UT;
            case RESET, TOO_LARGE -> null;
        };
    }

    private void finishSpan() {
        CallSpan span = options.span();
        Cluster to = cluster;
        if (span != null && to != null) {
            int status = span.status() > 0 ? span.status() : failedWith;
            span.finish(
                    new AttemptFacts(
                            info,
                            to.spec().name(),
                            to.spec().altStatName(),
                            status,
                            flag == null ? "-" : flag.name(),
                            Protocol.HTTP11.text()),
                    owner.worker.nanoTime());
        }
    }

    private void tell(Runnable event) {
        try {
            event.run();
        } catch (Throwable e) {
            Faults.contain(e);
            cancel();
            scope.failed(e);
        }
    }

    @Override
    public UpstreamInfo upstream() {
        return info;
    }

    @Override
    public Valve input() {
        return this;
    }

    @Override
    public void hold() {
        holds++;
        HttpStream stream = responseBegan && attempt != null ? attempt.stream() : null;
        if (stream != null) {
            stream.input().hold();
        }
    }

    @Override
    public void release() {
        holds--;
        HttpStream stream = responseBegan && attempt != null ? attempt.stream() : null;
        if (stream != null) {
            stream.input().release();
        }
    }
}
