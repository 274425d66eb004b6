package dev.attache.proxy.router;

import dev.attache.proxy.attempt.AttemptRecord;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.connection.WatermarkListener;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.memory.KeptBody;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.pool.ConnectionWaiter;
import dev.attache.proxy.upstream.pool.PoolFailure;
import dev.attache.proxy.upstream.pool.StreamWaiter;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One attempt: waits for a stream, sends the request into it, hands what comes back to the owner.
 * Owned by its router; loop-confined; over after the response's end, a reset, or {@link #abandon}.
 *
 * <p>A little longer than files here should be: what the pool, the stream and the owner say may
 * come in any order, and each is judged by what the others have said.
 */
final class UpstreamRequest implements StreamWaiter, ConnectionWaiter, HttpSink, WatermarkListener {

    private final Forwarding owner;
    private final FilterContext context;
    private final WorkerContext worker;
    private final long bufferLimit;
    private final Host host;
    private final UpstreamInfo info;
    private final AttemptRecord record;
    private Cancellable wait = Cancellable.DONE;
    private @Nullable HttpStream stream;
    private @Nullable KeptBody pending;
    private boolean pendingEnd;
    private @Nullable Headers pendingTrailers;
    private @Nullable Headers headers;
    private boolean headersEnd;
    private boolean holdingDownstream;

    /** The stream holds more than it should. */
    private boolean upstreamFull;

    /** A switch of protocols has been asked for: what comes behind it waits for the answer. */
    private boolean awaitsSwitch;

    private boolean sentAnything;
    private boolean informed;
    private boolean answered;
    private boolean over;
    private final AttemptTimers timers;
    private @Nullable AttemptFilters filters;

    /** Null where the request is not traced. */
    private @Nullable AttemptTrace trace;

    /** The place behind the filters; null without filters, and until the head is there. */
    private @Nullable FilterContext filterEnd;

    /**
     * @param bufferLimit of a body that waits for a stream, in bytes
     */
    UpstreamRequest(
            Forwarding owner,
            FilterContext context,
            WorkerContext worker,
            long bufferLimit,
            Host host,
            UpstreamInfo info) {
        this.owner = owner;
        this.context = context;
        this.worker = worker;
        this.bufferLimit = bufferLimit;
        this.host = host;
        this.info = info;
        this.record = new AttemptRecord(worker, host, info);
        this.timers = new AttemptTimers(worker, context, owner, this);
    }

    /** Request and response are to pass these. */
    void filters(AttemptFilters upstreamFilters) {
        this.filters = upstreamFilters;
        record.choseHost();
    }

    /** The attempt is part of a trace. */
    void trace(@Nullable AttemptTrace of) {
        this.trace = of;
    }

    /** Tells the upstream of the trace; the head is about to go. */
    void injectTrace(Headers request) {
        if (trace != null) {
            trace.leaves(request);
        }
    }

    /** The attempt ends because the time of one attempt is over. */
    void timedOut() {
        if (trace != null) {
            trace.timedOut();
        }
        abandon();
    }

    AttemptTimers timers() {
        return timers;
    }

    Host host() {
        return host;
    }

    /** The upstream may have seen some of the request. */
    boolean sentAnything() {
        return sentAnything;
    }

    /** False where the attempt ended before it came to a host. */
    boolean reachedHost() {
        return record.reachedHost();
    }

    /** Of the connection that carries it, or -1. */
    long connectionId() {
        return stream == null ? -1 : info.connectionId;
    }

    /** The pool has given it a stream. */
    boolean isOpen() {
        return stream != null && !over;
    }

    /** Neither a response head nor a failure has come. */
    boolean awaitsHeaders() {
        return !answered && !over;
    }

    /**
     * Asks the pool for a stream.
     *
     * @param tunnel or for a connection of its own
     */
    void open(
            Cluster cluster,
            Priority priority,
            TransportOptions options,
            StreamInfo downstream,
            boolean tunnel) {
        Protocol protocol = downstream.protocol() == null ? Protocol.HTTP11 : downstream.protocol();
        long connection = downstream.downstream().id();
        Cancellable waiting =
                tunnel
                        ? cluster.newConnection(host, priority, options, this)
                        : cluster.newStream(
                                host, priority, protocol, options, connection, this, this);
        if (stream == null && !over) {
            wait = waiting;
        }
    }

    // ---- the request -------------------------------------------------------------------------

    void sendHeaders(Headers request, boolean end) {
        if (filters != null) {
            filters.requestHeaders(request, end);
        } else {
            write(request, end);
        }
    }

    /** The head has come through the filters: who holds the response holds its source. */
    void onFilters(FilterContext last) {
        filterEnd = last;
        if (stream != null) {
            last.source(stream.input());
        }
    }

    /** To the codec, once there is one. */
    void write(Headers request, boolean end) {
        headers = request;
        headersEnd = end;
        if (stream != null) {
            writeHeaders(stream, worker.nanoTime());
        }
    }

    private void writeHeaders(HttpStream to, long now) {
        Headers head = headers;
        if (head == null) {
            return;
        }
        headers = null;
        String missing = RequiredHeaders.missing(head);
        if (missing != null) {
            owner.onUnsendable(this, missing);
            return;
        }
        sentAnything = true;
        awaitsSwitch = !(to instanceof ConnectTunnel) && ProtocolSwitch.asks(head);
        record.sendingBegins(now);
        to.headers(head, headersEnd);
        if (headersEnd) {
            record.sentAll(now);
        }
    }

    /** Takes ownership. */
    void sendData(ByteBuf data, boolean end) {
        if (filters != null && !over) {
            filters.requestData(data, end);
        } else {
            write(data, end);
        }
    }

    /** To the codec, once there is one; takes ownership. */
    void write(ByteBuf data, boolean end) {
        if (over) {
            data.release();
            return;
        }
        if (stream != null && !awaitsSwitch) {
            stream.data(data, end);
            record.sent(end);
            return;
        }
        KeptBody target = pending;
        if (target == null) {
            target = new KeptBody(context.memory(), worker.allocator());
            pending = target;
        }
        target.add(data);
        pendingEnd |= end;
        if (target.size() > bufferLimit) {
            holdDownstream();
        }
    }

    void sendTrailers(Headers trailers) {
        if (filters != null) {
            filters.requestTrailers(trailers);
        } else {
            writeTrailers(trailers);
        }
    }

    /** To the codec, once there is one. */
    void writeTrailers(Headers trailers) {
        if (over) {
            return;
        }
        if (stream != null && !awaitsSwitch) {
            stream.trailers(trailers);
            record.sent(true);
        } else {
            pendingTrailers = trailers;
        }
    }

    /**
     * Sends what has come of a body so far.
     *
     * @param body null = nothing, or nothing is kept; takes ownership
     * @param again an earlier attempt has had the same
     */
    void resume(@Nullable ByteBuf body, boolean end, @Nullable Headers trailers, boolean again) {
        boolean last = end && trailers == null;
        if (body != null || (last && again)) {
            sendData(body != null ? body : Unpooled.EMPTY_BUFFER, last);
        }
        if (trailers != null) {
            sendTrailers(trailers);
        }
    }

    private void holdDownstream() {
        if (!holdingDownstream) {
            holdingDownstream = true;
            context.valve(Direction.REQUEST).hold();
        }
    }

    private void releaseDownstream() {
        if (holdingDownstream) {
            holdingDownstream = false;
            context.valve(Direction.REQUEST).release();
        }
    }

    @Override
    public void onAboveHighWatermark() {
        upstreamFull = true;
        holdDownstream();
    }

    @Override
    public void onBelowLowWatermark() {
        upstreamFull = false;
        if (pending == null) {
            releaseDownstream();
        }
    }

    // ---- the pool ----------------------------------------------------------------------------

    @Override
    public void onStream(HttpStream request, Connection upstream, Host onHost) {
        wait = Cancellable.DONE;
        if (over) {
            request.reset(ResetReason.LOCAL_RESET);
            return;
        }
        stream = request;
        long now = worker.nanoTime();
        record.opened(request, upstream, now);
        RouterLog.poolReady(context.info(), upstream.info());
        owner.onPoolReady(this);
        request.chargeTo(context.memory());
        request.watermarks(this);
        context.source(request.input());
        if (filterEnd != null) {
            filterEnd.source(request.input());
        }
        writeHeaders(request, now);
        if (over) {
            return;
        }
        if (!awaitsSwitch) {
            sendPending(request);
        }
    }

    private void sendPending(HttpStream request) {
        KeptBody body = pending;
        pending = null;
        if (body != null) {
            request.data(body.take(), pendingEnd);
            record.sent(pendingEnd);
        }
        if (!over && pendingTrailers != null) {
            request.trailers(pendingTrailers);
            record.sent(true);
        }
        // What has waited may have filled the stream, which says so itself when it has drained.
        if (!over && !upstreamFull) {
            releaseDownstream();
        }
    }

    /** A terminated CONNECT: the connection itself is the stream. */
    @Override
    public void onConnection(Connection upstream, Host onHost) {
        onStream(new ConnectTunnel(upstream, this), upstream, onHost);
    }

    @Override
    public void onFailure(PoolFailure why, @Nullable String transportFailure, Host onHost) {
        wait = Cancellable.DONE;
        if (!over) {
            record.refused(why, transportFailure);
            traceReset(why.toReset());
            close();
            owner.onReset(this, why.toReset(), transportFailure);
        }
    }

    // ---- the response --------------------------------------------------------------------------

    @Override
    public void informational(Headers response) {
        if (over) {
            return;
        }
        timers.activity();
        long status = response.getLong(HeaderName.STATUS);
        if (!informed && (status == 100 || (status >= 102 && status <= 104))) {
            // Envoy knows these, and one of them per attempt; others are dropped.
            informed = true;
            if (filters != null) {
                filters.response().informational(response);
            } else {
                owner.onInformational(this, response);
            }
        }
    }

    @Override
    public void headers(Headers response, boolean end) {
        if (over) {
            return;
        }
        timers.activity();
        answered = true;
        long now = worker.arrivalNanos();
        record.answered(now);
        if (trace != null) {
            trace.answered(response);
        }
        HttpStream request = stream;
        boolean switched =
                awaitsSwitch
                        && request != null
                        && ProtocolSwitch.happened(context.requestHeaders(), response, request);
        if (end) {
            finish(now);
        }
        if (filters != null) {
            filters.response().headers(response, end);
        } else {
            owner.onHeaders(this, response, end, now);
        }
        if (switched && !over && request != null) {
            awaitsSwitch = false;
            sendPending(request);
        }
    }

    /** The upstream has refused a WebSocket in a way that only HTTP/1 knows. */
    boolean refusedWebSocket(Headers response) {
        return awaitsSwitch
                && stream != null
                && ProtocolSwitch.refused(context.requestHeaders(), response, stream);
    }

    @Override
    public void data(ByteBuf chunk, boolean end) {
        if (over) {
            chunk.release();
            return;
        }
        timers.activity();
        long now = worker.arrivalNanos();
        record.bodyCame(now);
        if (end) {
            finish(now);
        }
        if (filters != null) {
            filters.response().data(chunk, end);
        } else {
            owner.onData(this, chunk, end, now);
        }
    }

    @Override
    public void trailers(Headers response) {
        if (!over) {
            if (trace != null) {
                trace.trailers(response);
            }
            long now = worker.arrivalNanos();
            finish(now);
            if (filters != null) {
                filters.response().trailers(response);
            } else {
                owner.onTrailers(this, response, now);
            }
        }
    }

    @Override
    public void reset(ResetReason why) {
        if (over) {
            return;
        }
        traceReset(why);
        String reason =
                stream == null
                        ? null
                        : stream.connection().connection().info().transportFailureReason();
        close();
        info.transportFailureReason = reason;
        owner.onReset(this, why, reason);
    }

    private void traceReset(ResetReason why) {
        if (trace != null) {
            trace.reset(why);
        }
    }

    private void finish(long now) {
        record.completed(now);
        close();
    }

    // ---- the end -------------------------------------------------------------------------------

    /** Gives the attempt up; nothing more comes of it. */
    void abandon() {
        if (filters != null) {
            filters.end();
        }
        if (over) {
            stopSending();
            return;
        }
        HttpStream open = stream;
        Cancellable waiting = wait;
        if (trace != null) {
            trace.canceled();
        }
        close();
        waiting.cancel();
        if (open != null) {
            open.reset(ResetReason.LOCAL_RESET);
        }
    }

    private void close() {
        over = true;
        wait = Cancellable.DONE;
        releaseDownstream();
        if (stream != null) {
            stream.watermarks(null);
            record.closed(stream);
        }
        if (pending != null) {
            pending.release();
            pending = null;
        }
        timers.cancel();
        if (trace != null) {
            trace.finish();
        }
    }

    /** The response has ended: what is left of the request, if anything, is not wanted. */
    void stopSending() {
        if (stream != null && !record.sentAll()) {
            stream.reset(ResetReason.LOCAL_RESET);
        }
    }

    Valve input() {
        if (stream == null) {
            throw new IllegalStateException("no stream yet");
        }
        return stream.input();
    }
}
