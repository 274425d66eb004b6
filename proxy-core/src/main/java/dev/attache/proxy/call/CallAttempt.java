package dev.attache.proxy.call;

import dev.attache.proxy.attempt.AttemptRecord;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.WatermarkListener;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.memory.KeptBody;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.CallPassage;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.OpenUpstreamFilters;
import dev.attache.proxy.upstream.PassingCall;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.pool.PoolFailure;
import dev.attache.proxy.upstream.pool.StreamWaiter;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a call: waits for a stream, sends the request into it, hands what comes back to
 * the call. Owned by it; loop-confined; over after the response's end, a reset, or {@link
 * #abandon}.
 *
 * <p>Longer than files here should be: request, response and their ends are states of one exchange.
 */
final class CallAttempt implements StreamWaiter, HttpSink, PassingCall, WatermarkListener {

    private final OpenCall owner;
    private final WorkerContext worker;
    private final Cluster cluster;
    private final Host host;
    private final AttemptRecord record;
    private final MemoryAccount payer;
    private final Headers head;
    private final boolean headersOnly;
    private final Passed passed = new Passed();
    private @Nullable CallPassage filters;

    /** Nothing of the head has come through the filters yet, or it has been written. */
    private @Nullable Headers waitingHead;

    private boolean waitingEnd;
    private Cancellable wait = Cancellable.DONE;
    private @Nullable HttpStream stream;
    private @Nullable KeptBody pending;
    private @Nullable Headers pendingTrailers;
    private boolean pendingEnd;
    private boolean answered;

    /** The stream holds more than it should. */
    private boolean streamFull;

    /** How many of the filters want no more. */
    private int filterHolds;

    /** What the call has been told. */
    private boolean full;

    private boolean over;

    CallAttempt(
            OpenCall owner,
            WorkerContext worker,
            Cluster cluster,
            Host host,
            UpstreamInfo info,
            MemoryAccount payer,
            Headers head,
            boolean headersOnly) {
        this.owner = owner;
        this.worker = worker;
        this.cluster = cluster;
        this.host = host;
        this.record = new AttemptRecord(worker, host, info);
        this.payer = payer;
        this.head = head;
        this.headersOnly = headersOnly;
    }

    /** Sends the head on its way, through the filters of the cluster where it has some. */
    void begin() {
        OpenUpstreamFilters through = cluster.filters();
        if (through == null) {
            write(head, headersOnly);
        } else {
            record.choseHost();
            CallPassage entered = through.enter(this);
            filters = entered;
            entered.requestHeaders(head, headersOnly);
        }
    }

    /**
     * Asks the pool for a stream.
     *
     * @param client whose copy this is, or null
     */
    void open(TransportOptions options, @Nullable StreamInfo client) {
        if (over) {
            return;
        }
        Protocol protocol = client == null ? null : client.protocol();
        Cancellable waiting =
                cluster.newStream(
                        host,
                        Priority.DEFAULT,
                        protocol == null ? Protocol.HTTP11 : protocol,
                        options,
                        client == null ? 0 : client.downstream().id(),
                        this,
                        this);
        if (stream == null && !over) {
            wait = waiting;
        }
    }

    Host host() {
        return host;
    }

    /** False where it ended before it came to a host. */
    boolean reachedHost() {
        return record.reachedHost();
    }

    /** Neither a response head nor a failure has come. */
    boolean awaitsHeaders() {
        return !answered && !over;
    }

    /** The upstream may have seen some of the request. */
    boolean sentAnything() {
        return stream != null;
    }

    @Nullable HttpStream stream() {
        return over ? null : stream;
    }

    // ---- the request -------------------------------------------------------------------------

    /** Takes ownership. */
    void send(ByteBuf data, boolean end) {
        if (filters != null && !over) {
            filters.requestData(data, end);
        } else {
            write(data, end);
        }
    }

    void send(Headers trailers) {
        if (filters != null && !over) {
            filters.requestTrailers(trailers);
        } else {
            writeTrailers(trailers);
        }
    }

    @Override
    public void write(Headers through, boolean end) {
        if (over) {
            return;
        }
        if (stream == null) {
            waitingHead = through;
            waitingEnd = end;
        } else {
            writeHead(stream, through, end);
        }
    }

    private void writeHead(HttpStream to, Headers through, boolean end) {
        record.sendingBegins(worker.nanoTime());
        to.headers(through, end);
        record.sent(end);
    }

    @Override
    public void write(ByteBuf data, boolean end) {
        if (over) {
            data.release();
        } else if (stream != null) {
            stream.data(data, end);
            record.sent(end);
        } else {
            KeptBody into = pending;
            if (into == null) {
                into = new KeptBody(payer, worker.allocator());
                pending = into;
            }
            into.add(data);
            pendingEnd |= end;
            checkFull();
        }
    }

    @Override
    public void writeTrailers(Headers trailers) {
        if (stream != null && !over) {
            stream.trailers(trailers);
            record.sent(true);
        } else {
            pendingTrailers = trailers;
        }
    }

    @Override
    public void onStream(HttpStream request, Connection upstream, Host onHost) {
        wait = Cancellable.DONE;
        if (over) {
            request.reset(ResetReason.LOCAL_RESET);
            return;
        }
        stream = request;
        record.opened(request, upstream, worker.nanoTime());
        owner.onPoolReady(this);
        request.chargeTo(payer);
        request.watermarks(this);
        Headers through = waitingHead;
        if (through != null) {
            waitingHead = null;
            writeHead(request, through, waitingEnd);
        }
        KeptBody body = pending;
        pending = null;
        if (body != null && !over) {
            request.data(body.take(), pendingEnd);
            record.sent(pendingEnd);
        } else if (body != null) {
            body.release();
        }
        if (!over && pendingTrailers != null) {
            request.trailers(pendingTrailers);
            record.sent(true);
        }
        checkFull();
    }

    @Override
    public void onFailure(PoolFailure why, @Nullable String transportFailure, Host onHost) {
        wait = Cancellable.DONE;
        if (!over) {
            close();
            leaveFilters();
            record.refused(why, transportFailure);
            owner.onReset(this, why.toReset());
        }
    }

    // ---- how much waits ------------------------------------------------------------------------

    /** More of the request waits than should: for a stream, in it, or behind a filter. */
    boolean isFull() {
        return full;
    }

    /** Tells the call where that has changed. */
    private void checkFull() {
        KeptBody body = pending;
        boolean now =
                streamFull
                        || filterHolds > 0
                        || (body != null && body.size() > owner.bufferLimit());
        if (over || now == full) {
            return;
        }
        full = now;
        if (now) {
            owner.onAboveHighWatermark();
        } else {
            owner.onBelowLowWatermark();
        }
    }

    @Override
    public void onAboveHighWatermark() {
        streamFull = true;
        checkFull();
    }

    @Override
    public void onBelowLowWatermark() {
        streamFull = false;
        checkFull();
    }

    @Override
    public void hold() {
        filterHolds++;
        checkFull();
    }

    @Override
    public void release() {
        filterHolds--;
        checkFull();
    }

    // ---- the response --------------------------------------------------------------------------

    @Override
    public void informational(Headers response) {
        if (!over) {
            way().informational(response);
        }
    }

    @Override
    public void headers(Headers response, boolean end) {
        if (over) {
            return;
        }
        answered = true;
        record.answered(worker.nanoTime());
        if (end) {
            finish();
        }
        way().headers(response, end);
    }

    @Override
    public void data(ByteBuf chunk, boolean end) {
        if (over) {
            chunk.release();
            return;
        }
        if (end) {
            finish();
        }
        way().data(chunk, end);
    }

    @Override
    public void trailers(Headers response) {
        if (!over) {
            finish();
            way().trailers(response);
        }
    }

    /** Back to the call: through the filters, where there are any. */
    private HttpSink way() {
        return filters == null ? passed : filters.response();
    }

    @Override
    public void reset(ResetReason why) {
        if (!over) {
            close();
            leaveFilters();
            owner.onReset(this, why);
        }
    }

    /** What has come back through the filters. */
    private final class Passed implements HttpSink {
        @Override
        public void informational(Headers response) {
            owner.onInformational(response);
        }

        @Override
        public void headers(Headers response, boolean end) {
            owner.onHeaders(CallAttempt.this, response, end);
        }

        @Override
        public void data(ByteBuf chunk, boolean end) {
            owner.onData(CallAttempt.this, chunk, end);
        }

        @Override
        public void trailers(Headers response) {
            owner.onTrailers(CallAttempt.this, response);
        }

        @Override
        public void reset(ResetReason why) {
            abandon();
            owner.onReset(CallAttempt.this, why);
        }
    }

    @Override
    public HttpSink passed() {
        return passed;
    }

    @Override
    public void reply(Headers answer, byte[] body) {
        answered = true;
        abandon();
        owner.onReply(this, answer, body);
    }

    @Override
    public ClusterSpec cluster() {
        return cluster.spec();
    }

    @Override
    public Headers requestHeaders() {
        return head;
    }

    @Override
    public UpstreamInfo upstream() {
        return owner.upstream();
    }

    @Override
    public int attemptCount() {
        return owner.attemptCount();
    }

    @Override
    public MemoryAccount memory() {
        return payer;
    }

    @Override
    public long bufferLimit() {
        return owner.bufferLimit();
    }

    private void finish() {
        record.completed(worker.nanoTime());
        close();
    }

    // ---- the end -------------------------------------------------------------------------------

    /** Gives the attempt up; nothing more comes of it. */
    void abandon() {
        leaveFilters();
        if (over) {
            stopSending();
            return;
        }
        HttpStream open = stream;
        Cancellable waiting = wait;
        close();
        waiting.cancel();
        if (open != null) {
            open.reset(ResetReason.LOCAL_RESET);
        }
    }

    private void leaveFilters() {
        if (filters != null) {
            filters.end();
        }
    }

    /** The response has ended: what is left of the request, if anything, is not wanted. */
    void stopSending() {
        leaveFilters();
        if (stream != null && !record.sentAll()) {
            stream.reset(ResetReason.LOCAL_RESET);
        }
    }

    private void close() {
        over = true;
        full = false;
        wait = Cancellable.DONE;
        if (stream != null) {
            stream.watermarks(null);
            record.closed(stream);
        }
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }
}
