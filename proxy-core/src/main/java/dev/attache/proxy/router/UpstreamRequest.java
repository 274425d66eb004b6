package dev.attache.proxy.router;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.connection.WatermarkListener;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.OutlierMonitor;
import dev.attache.proxy.upstream.pool.Cancellable;
import dev.attache.proxy.upstream.pool.ConnectionWaiter;
import dev.attache.proxy.upstream.pool.PoolFailure;
import dev.attache.proxy.upstream.pool.StreamWaiter;
import dev.attache.proxy.worker.Timer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One attempt: waits for a stream, sends the request into it, hands what comes back to the owner.
 * Owned by its router; loop-confined; over after the response's end, a reset, or {@link #abandon}.
 */
final class UpstreamRequest implements StreamWaiter, ConnectionWaiter, HttpSink, WatermarkListener {

    private final Forwarding owner;
    private final Host host;
    private final UpstreamInfo info;
    private Cancellable wait = Cancellable.DONE;
    private @Nullable HttpStream stream;
    private @Nullable CompositeByteBuf pending;
    private boolean pendingEnd;
    private @Nullable Headers pendingTrailers;
    private @Nullable Headers headers;
    private boolean headersEnd;
    private boolean holdingDownstream;

    /** A switch of protocols has been asked for: what comes behind it waits for the answer. */
    private boolean awaitsSwitch;

    private boolean sentAnything;
    private boolean over;
    private @Nullable Timer perTry;
    private @Nullable Timer perTryIdle;
    private long perTryIdleMillis;

    UpstreamRequest(Forwarding owner, Host host, UpstreamInfo info) {
        this.owner = owner;
        this.host = host;
        this.info = info;
    }

    Host host() {
        return host;
    }

    /** The upstream may have seen some of the request. */
    boolean sentAnything() {
        return sentAnything;
    }

    /** Of the connection that carries it, or -1. */
    long connectionId() {
        return stream == null ? -1 : info.connectionId;
    }

    /** What the attempt is waiting for; asked right after the wait began. */
    void waitingFor(Cancellable cancellable) {
        if (stream == null && !over) {
            wait = cancellable;
        }
    }

    // ---- the request -------------------------------------------------------------------------

    void sendHeaders(Headers request, boolean end) {
        headers = request;
        headersEnd = end;
        if (stream != null) {
            writeHeaders(stream);
        }
    }

    private void writeHeaders(HttpStream to) {
        Headers head = headers;
        if (head == null) {
            return;
        }
        headers = null;
        sentAnything = true;
        awaitsSwitch = !(to instanceof ConnectTunnel) && ProtocolSwitch.asks(head);
        info.firstTxNanos = owner.worker().nanoTime();
        to.headers(head, headersEnd);
        if (headersEnd) {
            info.lastTxNanos = owner.worker().nanoTime();
        }
    }

    /** Takes ownership. */
    void sendData(ByteBuf data, boolean end) {
        if (over) {
            data.release();
            return;
        }
        if (stream != null && !awaitsSwitch) {
            stream.data(data, end);
            if (end) {
                info.lastTxNanos = owner.worker().nanoTime();
            }
            return;
        }
        CompositeByteBuf target = pending != null ? pending : Unpooled.compositeBuffer(1024);
        pending = target.addComponent(true, data);
        pendingEnd |= end;
        if (pending.readableBytes() > owner.bufferLimit()) {
            holdDownstream();
        }
    }

    void sendTrailers(Headers trailers) {
        if (stream != null && !awaitsSwitch) {
            stream.trailers(trailers);
            info.lastTxNanos = owner.worker().nanoTime();
        } else {
            pendingTrailers = trailers;
        }
    }

    private void holdDownstream() {
        if (!holdingDownstream) {
            holdingDownstream = true;
            owner.downstream().hold();
        }
    }

    private void releaseDownstream() {
        if (holdingDownstream) {
            holdingDownstream = false;
            owner.downstream().release();
        }
    }

    @Override
    public void onAboveHighWatermark() {
        holdDownstream();
    }

    @Override
    public void onBelowLowWatermark() {
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
        describe(host);
        host.monitor()
                .onLocalEvent(owner.worker().index(), OutlierMonitor.LocalEvent.CONNECT_SUCCESS);
        describe(upstream.info());
        owner.poolReady(upstream.info());
        request.watermarks(this);
        owner.source(request.input());
        if (headers != null && owner.schemeMatchesUpstream()) {
            headers.set(HeaderName.SCHEME, upstream.info().tls() != null ? "https" : "http");
        }
        writeHeaders(request);
        if (over) {
            return;
        }
        if (!awaitsSwitch) {
            sendPending(request, upstream);
        }
    }

    private void sendPending(HttpStream request, Connection upstream) {
        ByteBuf body = pending;
        pending = null;
        if (body != null) {
            request.data(body, pendingEnd);
            if (pendingEnd) {
                info.lastTxNanos = owner.worker().nanoTime();
            }
        }
        if (!over && pendingTrailers != null) {
            request.trailers(pendingTrailers);
            info.lastTxNanos = owner.worker().nanoTime();
        }
        if (!over && !upstream.isAboveHighWatermark()) {
            releaseDownstream();
        }
    }

    /** A terminated CONNECT: the connection itself is the stream. */
    @Override
    public void onConnection(Connection upstream, Host onHost) {
        onStream(new ConnectTunnel(upstream, this), upstream, onHost);
    }

    private void describe(Host chosen) {
        info.host = chosen.address();
        info.hostname = chosen.hostname();
        info.hostMetadata = chosen.metadata();
    }

    private void describe(ConnectionInfo upstream) {
        info.localAddress = upstream.localAddress();
        info.remoteAddress = upstream.remoteAddress();
        info.connection(upstream.id());
        if (info.host != null) {
            info.attempted(info.host, info.hostname);
        }
        info.tls = upstream.tls();
        info.filterState = upstream.filterState();
        info.poolReadyNanos = owner.worker().nanoTime();
        info.connectStartNanos = upstream.startNanos();
        info.connectDoneNanos = upstream.connectedNanos();
        info.handshakeDoneNanos = upstream.handshakeNanos();
        if (stream != null) {
            info.protocol = stream.connection().protocol().text();
        }
    }

    @Override
    public void onFailure(PoolFailure why, @Nullable String transportFailure, Host onHost) {
        wait = Cancellable.DONE;
        if (!over) {
            close();
            if (why != PoolFailure.OVERFLOW) {
                describe(host);
            }
            info.transportFailureReason = transportFailure;
            owner.onReset(this, why.toReset(), transportFailure);
        }
    }

    // ---- the response --------------------------------------------------------------------------

    @Override
    public void informational(Headers response) {
        if (!over) {
            activity();
            owner.onInformational(response);
        }
    }

    @Override
    public void headers(Headers response, boolean end) {
        if (over) {
            return;
        }
        activity();
        info.firstRxNanos = owner.worker().nanoTime();
        HttpStream request = stream;
        boolean switched =
                awaitsSwitch
                        && request != null
                        && ProtocolSwitch.happened(owner.request(), response, request);
        if (end) {
            finish();
        }
        owner.onHeaders(this, response, end);
        if (switched && !over && request != null) {
            awaitsSwitch = false;
            sendPending(request, request.connection().connection());
        }
    }

    /** The upstream has refused a WebSocket in a way that only HTTP/1 knows. */
    boolean refusedWebSocket(Headers response) {
        return awaitsSwitch
                && stream != null
                && ProtocolSwitch.refused(owner.request(), response, stream);
    }

    @Override
    public void data(ByteBuf chunk, boolean end) {
        if (over) {
            chunk.release();
            return;
        }
        activity();
        if (info.firstBodyRxNanos < 0) {
            info.firstBodyRxNanos = owner.worker().nanoTime();
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
        if (over) {
            return;
        }
        String reason =
                stream == null
                        ? null
                        : stream.connection().connection().info().transportFailureReason();
        close();
        info.transportFailureReason = reason;
        owner.onReset(this, why, reason);
    }

    private void finish() {
        info.lastRxNanos = owner.worker().nanoTime();
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

    private void close() {
        over = true;
        wait = Cancellable.DONE;
        releaseDownstream();
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
        cancel(perTry);
        cancel(perTryIdle);
    }

    /** The response ended before the request did: what is left of the request is not wanted. */
    void stopSending() {
        if (stream != null) {
            stream.reset(ResetReason.LOCAL_RESET);
        }
    }

    // ---- timeouts of one attempt
    // -----------------------------------------------------------------

    void arm(long perTryMillis, long idleMillis) {
        if (perTryMillis > 0) {
            perTry = timer(() -> owner.onPerTryTimeout(this, false));
            owner.worker().timers().schedule(perTry, perTryMillis);
        }
        if (idleMillis > 0) {
            perTryIdleMillis = idleMillis;
            perTryIdle = timer(() -> owner.onPerTryTimeout(this, true));
            owner.worker().timers().schedule(perTryIdle, idleMillis);
        }
    }

    private void activity() {
        if (perTryIdle != null) {
            owner.worker().timers().schedule(perTryIdle, perTryIdleMillis);
        }
    }

    void responseStarted() {
        cancel(perTry);
    }

    Valve input() {
        if (stream == null) {
            throw new IllegalStateException("no stream yet");
        }
        return stream.input();
    }

    static Timer timer(Runnable onExpiry) {
        return new Timer() {
            @Override
            protected void expire() {
                onExpiry.run();
            }
        };
    }

    private static void cancel(@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }
}
