package dev.attache.proxy.call;

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
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.OutlierMonitor.LocalEvent;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.pool.Cancellable;
import dev.attache.proxy.upstream.pool.PoolFailure;
import dev.attache.proxy.upstream.pool.StreamWaiter;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a call: waits for a stream, sends the request into it, hands what comes back to
 * the call. Owned by it; loop-confined; over after the response's end, a reset, or {@link
 * #abandon}.
 */
final class CallAttempt implements StreamWaiter, HttpSink, WatermarkListener {

    private final OpenCall owner;
    private final WorkerContext worker;
    private final Host host;
    private final UpstreamInfo info;
    private final MemoryAccount payer;
    private final Headers head;
    private final boolean headersOnly;
    private Cancellable wait = Cancellable.DONE;
    private @Nullable HttpStream stream;
    private @Nullable KeptBody pending;
    private @Nullable Headers pendingTrailers;
    private boolean pendingEnd;
    private boolean reachedHost = true;
    private boolean answered;
    private boolean over;

    CallAttempt(
            OpenCall owner,
            WorkerContext worker,
            Host host,
            UpstreamInfo info,
            MemoryAccount payer,
            Headers head,
            boolean headersOnly) {
        this.owner = owner;
        this.worker = worker;
        this.host = host;
        this.info = info;
        this.payer = payer;
        this.head = head;
        this.headersOnly = headersOnly;
    }

    /**
     * Asks the pool for a stream.
     *
     * @param client whose copy this is, or null
     */
    void open(Cluster cluster, TransportOptions options, @Nullable StreamInfo client) {
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
        return reachedHost;
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
        if (over) {
            data.release();
        } else if (stream != null) {
            stream.data(data, end);
            sent(end);
        } else {
            KeptBody into = pending;
            if (into == null) {
                into = new KeptBody(payer, worker.allocator());
                pending = into;
            }
            into.add(data);
            pendingEnd |= end;
            if (into.size() > owner.bufferLimit()) {
                owner.onAboveHighWatermark();
            }
        }
    }

    void send(Headers trailers) {
        if (stream != null && !over) {
            stream.trailers(trailers);
            sent(true);
        } else {
            pendingTrailers = trailers;
        }
    }

    private void sent(boolean end) {
        if (end) {
            info.lastTxNanos = worker.nanoTime();
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
        describe();
        host.monitor().onLocalEvent(worker.index(), LocalEvent.CONNECT_SUCCESS);
        info.connected(upstream.info(), worker.nanoTime());
        info.protocol = request.connection().protocol().text();
        owner.onPoolReady(this);
        request.chargeTo(payer);
        request.watermarks(this);
        info.firstTxNanos = worker.nanoTime();
        request.headers(head, headersOnly);
        sent(headersOnly);
        KeptBody body = pending;
        pending = null;
        if (body != null && !over) {
            request.data(body.take(), pendingEnd);
            sent(pendingEnd);
        } else if (body != null) {
            body.release();
        }
        if (!over && pendingTrailers != null) {
            request.trailers(pendingTrailers);
            sent(true);
        }
        if (!over && !upstream.isAboveHighWatermark()) {
            owner.onBelowLowWatermark();
        }
    }

    private void describe() {
        info.host = host.address();
        info.hostname = host.hostname();
        info.hostMetadata = host.metadata();
    }

    @Override
    public void onFailure(PoolFailure why, @Nullable String transportFailure, Host onHost) {
        wait = Cancellable.DONE;
        if (!over) {
            close();
            reachedHost = why != PoolFailure.QUEUE_OVERFLOW;
            if (reachedHost) {
                describe();
            }
            info.transportFailureReason = transportFailure;
            owner.onReset(this, why.toReset());
        }
    }

    @Override
    public void onAboveHighWatermark() {
        owner.onAboveHighWatermark();
    }

    @Override
    public void onBelowLowWatermark() {
        owner.onBelowLowWatermark();
    }

    // ---- the response --------------------------------------------------------------------------

    @Override
    public void informational(Headers response) {
        if (!over) {
            owner.onInformational(response);
        }
    }

    @Override
    public void headers(Headers response, boolean end) {
        if (over) {
            return;
        }
        answered = true;
        info.firstRxNanos = worker.nanoTime();
        if (end) {
            finish();
        }
        owner.onHeaders(this, response, end);
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
        owner.onData(this, chunk, end);
    }

    @Override
    public void trailers(Headers response) {
        if (!over) {
            finish();
            owner.onTrailers(this, response);
        }
    }

    @Override
    public void reset(ResetReason why) {
        if (!over) {
            close();
            owner.onReset(this, why);
        }
    }

    private void finish() {
        info.lastRxNanos = worker.nanoTime();
        close();
    }

    // ---- the end -------------------------------------------------------------------------------

    /** Gives the attempt up; nothing more comes of it. */
    void abandon() {
        if (over) {
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

    /** The response ended before the request did: what is left of the request is not wanted. */
    void stopSending() {
        if (stream != null) {
            stream.reset(ResetReason.LOCAL_RESET);
        }
    }

    private void close() {
        over = true;
        wait = Cancellable.DONE;
        if (stream != null) {
            stream.watermarks(null);
            info.wireBytesSent += stream.wireBytesSent();
            info.wireBytesReceived += stream.wireBytesReceived();
            info.headerBytesSent += stream.headerBytesSent();
            info.headerBytesReceived += stream.headerBytesReceived();
        }
        if (pending != null) {
            pending.release();
            pending = null;
        }
    }
}
