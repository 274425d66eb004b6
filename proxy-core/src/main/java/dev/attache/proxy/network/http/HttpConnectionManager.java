package dev.attache.proxy.network.http;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionHandler;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HttpCodecSniffer;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.RequestSink;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.http.ServerHttpConnection;
import dev.attache.proxy.http.h1.Http1ServerCodec;
import dev.attache.proxy.http.h2.Http2ServerCodec;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.Timeouts;
import dev.attache.proxy.network.http.stats.HttpManagerStats;
import dev.attache.proxy.network.http.stats.HttpManagerStats.Count;
import dev.attache.proxy.network.http.stats.HttpManagerStats.Level;
import dev.attache.proxy.overload.ScaledTimeout;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.worker.ScaledTimer;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The connection manager of one connection: picks the codec, makes a stream of each request, and
 * decides when the connection leaves. Owned by the connection; loop-confined.
 *
 * <p>Longer than files here should be: drains, limits, timers and overload all decide about the
 * same connection.
 */
final class HttpConnectionManager
        implements NetworkFilter.Terminal, ServerHttpConnection.Listener, StreamHost {

    /** Envoy's drain states: DRAINING still lets a race with new requests be won. */
    private enum Drain {
        NOT_DRAINING,
        DRAINING,
        CLOSING
    }

    private static final String TOO_MANY_RESETS = "too_many_premature_resets";

    private final HttpConnectionManagerFactory chain;
    private final Connection connection;
    private final Timeouts timeouts;
    private final PrematureResets resets;
    private final OpenStreams streams = new OpenStreams();
    private final LoadShedding shedding;
    private final ScaledTimer idle;
    private final ScaledTimer maxDuration;
    private final Timer drainTimer =
            new Timer() {
                @Override
                protected void expire() {
                    onDrainTimeout();
                }
            };
    private final ListenerDrain listenerDrain = new ListenerDrain(this);
    private @Nullable ServerCodec codec;
    private @Nullable ByteBuf undecided;
    private Drain drain = Drain.NOT_DRAINING;
    private long requests;
    private long countedReceived;
    private long countedSent;
    private boolean succeeding;
    private boolean closed;
    private boolean understood;
    private boolean misunderstood;

    HttpConnectionManager(HttpConnectionManagerFactory chain, Connection connection) {
        this.chain = chain;
        this.connection = connection;
        this.timeouts = chain.spec().timeouts();
        this.resets = new PrematureResets(chain.spec().resetLimits());
        this.shedding = new LoadShedding(this);
        this.idle = timer(ScaledTimeout.HTTP_DOWNSTREAM_CONNECTION_IDLE, this::onIdle);
        this.maxDuration = timer(ScaledTimeout.HTTP_DOWNSTREAM_CONNECTION_MAX, this::onMaxDuration);
    }

    private ScaledTimer timer(ScaledTimeout kind, Runnable onExpiry) {
        return new ScaledTimer(connection.worker(), kind) {
            @Override
            protected void expire() {
                onExpiry.run();
            }
        };
    }

    HttpConnectionManagerFactory chain() {
        return chain;
    }

    @Override
    public Connection connection() {
        return connection;
    }

    WorkerContext worker() {
        return connection.worker();
    }

    HttpManagerStats stats() {
        return chain.stats();
    }

    // ---- connection events -------------------------------------------------------------------

    /** As in Envoy, a connection counts whatever the filters before or a handshake make of it. */
    @Override
    public void onAttached() {
        connection.delayedCloseTimeout(timeouts.delayedClose());
        connection.onDelayedCloseTimeout(
                () -> stats().inc(Count.DOWNSTREAM_CX_DELAYED_CLOSE_TIMEOUT));
        stats().inc(Count.DOWNSTREAM_CX_TOTAL);
        stats().add(Level.DOWNSTREAM_CX_ACTIVE, 1);
        if (connection.info().secured()) {
            stats().inc(Count.DOWNSTREAM_CX_SSL_TOTAL);
            stats().add(Level.DOWNSTREAM_CX_SSL_ACTIVE, 1);
        }
        if (timeouts.maxConnectionDuration().millis() > 0) {
            maxDuration.arm(timeouts.maxConnectionDuration().draw(worker()));
        }
        armIdle(worker().nanoTime());
        connection.info().toldUpstream(chain.spec().clientAddress().toldUpstream());
    }

    @Override
    public void onConnected() {
        decideByNegotiation();
    }

    private void decideByNegotiation() {
        Protocol negotiated = chain.spec().codecType().negotiated(connection.info().tls());
        if (negotiated != null) {
            use(negotiated);
        }
    }

    private ServerCodec use(Protocol protocol) {
        ServerCodec chosen = ServerCodec.create(protocol, connection, chain, this);
        codec = chosen;
        boolean http2 = protocol == Protocol.HTTP2;
        stats().inc(http2 ? Count.DOWNSTREAM_CX_HTTP2_TOTAL : Count.DOWNSTREAM_CX_HTTP1_TOTAL);
        stats().add(http2 ? Level.DOWNSTREAM_CX_HTTP2_ACTIVE : Level.DOWNSTREAM_CX_HTTP1_ACTIVE, 1);
        return chosen;
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        countBytes();
        if (shedding.refusesCodec()) {
            data.release();
            return;
        }
        ServerCodec ready = codec;
        ByteBuf bytes = data;
        if (ready == null) {
            bytes = gather(data);
            Protocol sniffed = sniff(bytes);
            if (sniffed == null) {
                undecided = bytes;
                return;
            }
            undecided = null;
            ready = use(sniffed);
        }
        if (shedding.abortsDispatch(ready)) {
            bytes.release();
            return;
        }
        ready.handler().onData(bytes, end);
        understood |= !misunderstood;
        checkForDeferredClose();
    }

    private static @Nullable Protocol sniff(ByteBuf bytes) {
        return switch (HttpCodecSniffer.sniff(bytes)) {
            case HTTP2 -> Protocol.HTTP2;
            case HTTP1 -> Protocol.HTTP11;
            case NEED_MORE -> null;
        };
    }

    private ByteBuf gather(ByteBuf data) {
        ByteBuf before = undecided;
        if (before == null) {
            return data;
        }
        undecided = null;
        ByteBuf joined = worker().allocator().buffer(before.readableBytes() + data.readableBytes());
        joined.writeBytes(before).writeBytes(data);
        before.release();
        data.release();
        return joined;
    }

    @Override
    public void onReadComplete() {
        if (codec != null) {
            codec.handler().onReadComplete();
        }
    }

    @Override
    public void onAboveHighWatermark() {
        if (codec != null) {
            codec.handler().onAboveHighWatermark();
        }
    }

    @Override
    public void onBelowLowWatermark() {
        if (codec != null) {
            codec.handler().onBelowLowWatermark();
        }
    }

    @Override
    public void onClosed(ConnectionEvent event) {
        closed = true;
        boolean active = !streams.isEmpty();
        countClose(event, active);
        if (codec != null) {
            codec.handler().onClosed(event);
        }
        for (ActiveStream stream : streams.now()) {
            stream.reset(ResetReason.CONNECTION_TERMINATION);
        }
        if (undecided != null) {
            undecided.release();
            undecided = null;
        }
        idle.cancel();
        maxDuration.cancel();
        drainTimer.cancel();
        listenerDrain.cancel();
    }

    @Override
    public void onShed() {
        for (ActiveStream stream : streams.now()) {
            stream.reset(ResetReason.OVERLOAD_MANAGER);
        }
    }

    private void countBytes() {
        stats().add(
                        Count.DOWNSTREAM_CX_RX_BYTES_TOTAL,
                        connection.bytesReceived() - countedReceived);
        countedReceived = connection.bytesReceived();
        stats().add(Count.DOWNSTREAM_CX_TX_BYTES_TOTAL, connection.bytesSent() - countedSent);
        countedSent = connection.bytesSent();
    }

    private void countClose(ConnectionEvent event, boolean active) {
        countBytes();
        HttpManagerStats stats = stats();
        boolean local = event == ConnectionEvent.LOCAL_CLOSE;
        stats.add(Level.DOWNSTREAM_CX_ACTIVE, -1);
        if (connection.info().secured()) {
            stats.add(Level.DOWNSTREAM_CX_SSL_ACTIVE, -1);
        }
        if (codec != null) {
            boolean http2 = codec.http().protocol() == Protocol.HTTP2;
            stats.add(
                    http2 ? Level.DOWNSTREAM_CX_HTTP2_ACTIVE : Level.DOWNSTREAM_CX_HTTP1_ACTIVE,
                    -1);
        }
        stats.inc(Count.DOWNSTREAM_CX_DESTROY);
        stats.inc(local ? Count.DOWNSTREAM_CX_DESTROY_LOCAL : Count.DOWNSTREAM_CX_DESTROY_REMOTE);
        if (active) {
            countActive(local);
        }
        stats.connectionLength((worker().nanoTime() - connection.info().startNanos()) / 1_000_000);
    }

    private void countActive(boolean local) {
        stats().inc(Count.DOWNSTREAM_CX_DESTROY_ACTIVE_RQ);
        stats().inc(
                        local
                                ? Count.DOWNSTREAM_CX_DESTROY_LOCAL_ACTIVE_RQ
                                : Count.DOWNSTREAM_CX_DESTROY_REMOTE_ACTIVE_RQ);
    }

    // ---- codec events ------------------------------------------------------------------------

    @Override
    public RequestSink onStream(HttpStream response) {
        idle.cancel();
        ActiveStream stream = new ActiveStream(this, chain, streamInfo(), response);
        streams.add(stream);
        requests++;
        long limit = chain.spec().maxRequestsPerConnection();
        if (limit > 0 && requests >= limit && drain == Drain.NOT_DRAINING) {
            stats().inc(Count.DOWNSTREAM_CX_MAX_REQUESTS_REACHED);
            startDrain();
        }
        return stream;
    }

    @Override
    public ActiveStream succeed(HttpStream response, Runnable end) {
        succeeding = true;
        end.run();
        succeeding = false;
        idle.cancel();
        ActiveStream next = new ActiveStream(this, chain, streamInfo(), response);
        streams.add(next);
        return next;
    }

    @Override
    public void onBreaking() {
        if (!streams.isEmpty()) {
            countActive(true);
        }
    }

    @Override
    public void onConnectionError(String details, boolean flood) {
        HttpLog.dispatchError(connection.info(), details);
        noteCodecError();
        if (!flood && connection.isOpen()) {
            // As in Envoy; a flood has its own counter.
            stats().inc(Count.DOWNSTREAM_CX_PROTOCOL_ERROR);
        }
        connection.close(closeAfterError(flood), details);
    }

    private CloseType closeAfterError(boolean flood) {
        if (timeouts.delayedClose() == 0 && flood) {
            // Who floods us does not read: what waits to be sent would wait for ever.
            return CloseType.NO_FLUSH;
        }
        return CloseType.FLUSH_WRITE_AND_HOLD;
    }

    @Override
    public void noteCodecError() {
        misunderstood = true;
    }

    /** The protocol, once something of it was read without an error, and that there was one. */
    @Override
    public StreamInfo stream() {
        ConnectionInfo info = connection.info();
        StreamInfo told = new StreamInfo(info, info.startTimeMillis(), info.startNanos());
        ServerCodec spoken = codec;
        if (understood && spoken != null) {
            told.protocol(spoken.protocol());
        }
        if (misunderstood) {
            told.flag(ResponseFlag.DPE);
        }
        if (shedding.ended()) {
            told.flag(ResponseFlag.OM);
        }
        return told;
    }

    // ---- life --------------------------------------------------------------------------------

    @Override
    public void removed(ActiveStream stream) {
        streams.remove(stream);
        if (closed) {
            return;
        }
        countBytes();
        if (!succeeding && connection.isOpen() && resets.isTooMany(stream.info())) {
            abort();
            return;
        }
        if (streams.isEmpty() && !succeeding) {
            armIdle(stream.info().endNanos);
            checkForDeferredClose();
        }
    }

    /** Rapid reset. As in Envoy, no GOAWAY: who does that is not spoken to. */
    private void abort() {
        stats().inc(Count.DOWNSTREAM_RQ_TOO_MANY_PREMATURE_RESETS);
        stats().inc(Count.DOWNSTREAM_CX_PROTOCOL_ERROR);
        connection.closeFor(CloseType.ABORT_RESET, TOO_MANY_RESETS);
        for (ActiveStream stream : streams.now()) {
            stream.abandon(TOO_MANY_RESETS);
        }
    }

    private void armIdle(long now) {
        if (timeouts.connectionIdle() > 0) {
            idle.armAt(now, timeouts.connectionIdle());
        }
    }

    private void onIdle() {
        if (!connection.isOpen()) {
            return; // it is being closed, and waits for the peer
        }
        HttpLog.timeout(connection.info(), "idle timeout");
        stats().inc(Count.DOWNSTREAM_CX_IDLE_TIMEOUT);
        if (codec == null) {
            connection.close(CloseType.FLUSH_WRITE, "on_idle_timeout");
        } else if (drain == Drain.NOT_DRAINING) {
            startDrain();
        }
    }

    private void onMaxDuration() {
        if (!connection.isOpen()) {
            return; // it is being closed, and waits for the peer
        }
        HttpLog.timeout(connection.info(), "max connection duration reached");
        stats().inc(Count.DOWNSTREAM_CX_MAX_DURATION_REACHED);
        if (codec == null) {
            connection.close(CloseType.FLUSH_WRITE, "max_connection_duration_reached");
        } else if (drain == Drain.NOT_DRAINING && timeouts.http1SafeMaxDuration() && isHttp1()) {
            // Its next response says so: a request may be on its way.
            drain = Drain.CLOSING;
        } else if (drain == Drain.NOT_DRAINING) {
            startDrain();
        }
    }

    @Override
    public void onShutdown(long idleMillis) {
        if (drain == Drain.NOT_DRAINING && !closed) {
            startDrain(Math.min(idleMillis, timeouts.drain().draw(worker())));
            stats().inc(Count.DOWNSTREAM_CX_DRAIN_CLOSE);
        }
    }

    @Override
    public void onDrain(long leftMillis, long totalMillis) {
        listenerDrain.arm(leftMillis, totalMillis, timeouts.drain().millis());
    }

    /** The drain of the listener is nearly over. */
    void leaveWithListener() {
        if (drain == Drain.NOT_DRAINING) {
            stats().inc(Count.DOWNSTREAM_CX_DRAIN_CLOSE);
            if (codec == null) {
                connection.close(CloseType.FLUSH_WRITE, "drain_close");
            } else {
                startDrain();
            }
        } else if (drain == Drain.CLOSING) {
            endTunnels();
        }
    }

    private void endTunnels() {
        for (ActiveStream stream : streams.now()) {
            stream.endTunnel("on_drain_deadline");
        }
    }

    private void startDrain() {
        startDrain(timeouts.drain().draw(worker()));
    }

    private void startDrain(long untilClosing) {
        drain = Drain.DRAINING;
        HttpLog.timeout(connection.info(), "drain: the connection takes no new streams");
        if (codec != null) {
            codec.http().shutdownNotice();
        }
        worker().timers().schedule(drainTimer, untilClosing);
    }

    private void onDrainTimeout() {
        if (codec != null) {
            codec.http().goAway();
        }
        drain = Drain.CLOSING;
        if (listenerDrain.isOver()) {
            endTunnels();
        }
        checkForDeferredClose();
    }

    private void checkForDeferredClose() {
        if (drain == Drain.CLOSING && streams.isEmpty() && !closed) {
            connection.close(CloseType.FLUSH_WRITE_AND_DELAY, "drain_close");
        }
    }

    /** From now on the peer is asked to leave, if it has not been asked before. */
    void leave() {
        if (drain == Drain.NOT_DRAINING) {
            startDrain();
        }
    }

    @Override
    public void drainAfterRefusal() {
        if (!isHttp1()) {
            leave();
        }
    }

    @Override
    public boolean drainsAtResponse(boolean wanted) {
        if (drain == Drain.NOT_DRAINING
                && (wanted
                        || chain.context().drain().drainClose()
                        || shedding.disablesKeepAlive())) {
            startDrain();
            stats().inc(Count.DOWNSTREAM_CX_DRAIN_CLOSE);
        }
        return drain != Drain.NOT_DRAINING;
    }

    @Override
    public @Nullable LocalReply refusal(boolean crowding) {
        return shedding.refusal(crowding);
    }

    @Override
    public boolean isHttp1() {
        return codec == null || codec.http().protocol() != Protocol.HTTP2;
    }

    /** What is known of a stream that begins now. */
    private StreamInfo streamInfo() {
        StreamInfo info =
                new StreamInfo(
                        connection.info(), System.currentTimeMillis(), worker().arrivalNanos());
        info.listenerMetadata = chain.context().listenerMetadata();
        info.listenerDirection = chain.context().direction().ordinal();
        info.filterChainMetadata = chain.context().filterChainMetadata();
        info.protocol(protocol());
        return info;
    }

    Protocol protocol() {
        return codec == null ? Protocol.HTTP11 : codec.http().protocol();
    }

    /** A codec seen from both of its sides. */
    record ServerCodec(Protocol protocol, ServerHttpConnection http, ConnectionHandler handler) {

        static ServerCodec create(
                Protocol protocol,
                Connection connection,
                HttpConnectionManagerFactory chain,
                ServerHttpConnection.Listener listener) {
            HttpConnectionManagerSpec spec = chain.spec();
            if (protocol == Protocol.HTTP2) {
                var http2 =
                        new Http2ServerCodec(
                                connection, spec.http2(), listener, chain.codecStats().forHttp2());
                return new ServerCodec(protocol, http2, http2);
            }
            var http1 =
                    new Http1ServerCodec(
                            connection, spec.http1(), listener, chain.codecStats().forHttp1());
            return new ServerCodec(protocol, http1, http1);
        }
    }
}
