package dev.attache.proxy.network.tcp;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.memory.PieceQueue;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.overload.LoadShedPoint;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.stream.format.FormatContext.AccessLogType;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.OutlierMonitor;
import dev.attache.proxy.upstream.host.Pick;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.pool.ConnectionWaiter;
import dev.attache.proxy.upstream.pool.PoolFailure;
import dev.attache.proxy.upstream.stats.ClusterCounter;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One proxied TCP connection: chooses cluster and host, connects, directly or through a tunnel,
 * then moves bytes both ways without touching them. A side whose write buffer is full stops the
 * other side's reading; ends and resets travel through. Loop-confined; ends with the downstream
 * connection.
 *
 * <p>Longer than files here should be: one state, from the choice of a cluster to the end.
 */
final class TcpProxy implements NetworkFilter.Terminal, ConnectionWaiter {

    private final TcpProxyFactory factory;
    private final TcpProxySpec spec;
    private final TcpProxyStats stats;
    private final Connection downstream;
    private final StreamInfo stream;
    private final TcpProxyTimers timers;
    private final WorkerOverload overload;

    /** What came before the upstream connection was there. */
    private final PieceQueue early = new PieceQueue();

    private @Nullable Cluster cluster;

    /** Whose connection it is: a member where the cluster is an aggregate. */
    private @Nullable Cluster carrier;

    private @Nullable TcpProxyPick pick;
    private int attempts;
    private Cancellable connecting = Cancellable.DONE;
    private @Nullable TunnelUpstream tunnel;
    private @Nullable TcpUpstream upstream;

    /** What holds the server's bytes back while the client does not take them. */
    private @Nullable Valve heldInput;

    /** The client is not read: the upstream takes no more. */
    private boolean waitsForRoom;

    private boolean downstreamEnded;
    private boolean closed;

    TcpProxy(TcpProxyFactory factory, Connection downstream) {
        this.factory = factory;
        this.spec = factory.spec();
        this.stats = factory.stats();
        this.downstream = downstream;
        ConnectionInfo info = downstream.info();
        this.stream = new StreamInfo(info, info.startTimeMillis(), info.startNanos());
        stream.upstreamForWriting();
        stream.listenerMetadata = factory.context().listenerMetadata();
        stream.listenerDirection = factory.context().direction().ordinal();
        stream.filterChainMetadata = factory.context().filterChainMetadata();
        this.timers = new TcpProxyTimers(this, factory, downstream, factory.context().faults());
        this.overload = factory.context().overload();
    }

    /** Before the handshake: as in Envoy, that waits until the upstream connection is there. */
    @Override
    public void onNewConnection() {
        TcpProxyLog.session(downstream.info());
        downstream.enableHalfClose(true);
        // As in Envoy, what is buffered goes out however slowly the peer takes it.
        downstream.delayedCloseTimeout(0);
        // Until there is an upstream.
        downstream.input().hold();
        timers.startConnectionTimers();
        stream.identified = true;
        if (spec.accessLogOnStart()) {
            timers.log(stream, AccessLogType.TcpConnectionStart);
        }
        String override = override();
        String name;
        int chosen = -1;
        if (override != null) {
            name = override;
        } else {
            chosen = factory.pick(downstream.worker().random());
            name = spec.clusters().get(chosen).name();
        }
        cluster = factory.context().clusters().cluster(name);
        if (cluster == null) {
            stats.downstreamCxNoRoute.inc();
            TcpProxyLog.unknownCluster(downstream.info(), name);
            stream.flag(ResponseFlag.NC);
            fail(InitFailure.NO_ROUTE);
            return;
        }
        stream.clusterName = name;
        stream.clusterObservabilityName = cluster.spec().altStatName();
        stream.clusterMetadata = cluster.spec().metadata();
        stream.cluster = cluster;
        pick = new TcpProxyPick(factory, downstream.info(), chosen);
        connect(cluster);
    }

    private @Nullable String override() {
        FilterState.Value value = downstream.info().filterState().get(TcpProxySpec.CLUSTER_KEY);
        return value == null ? null : value.serializeAsString();
    }

    private void connect(Cluster target) {
        if (overload.sheds(LoadShedPoint.TCP_PROXY_UPSTREAM_CONNECT)) {
            shed(CloseType.NO_FLUSH);
            return;
        }
        // A pool would wait for a connection that its holder never gives back.
        if (!target.breaker(Priority.DEFAULT).connections().canCreate()) {
            stream.flag(ResponseFlag.UO);
            target.stats().inc(ClusterCounter.UPSTREAM_CX_OVERFLOW);
            fail(InitFailure.RESOURCE_LIMIT_EXCEEDED);
            return;
        }
        if (attempts >= spec.maxConnectAttempts()) {
            stream.flag(ResponseFlag.URX);
            target.stats().inc(ClusterCounter.UPSTREAM_CX_CONNECT_ATTEMPTS_EXCEEDED);
            fail(InitFailure.CONNECT_FAILED);
            return;
        }
        attempts++;
        TcpProxyPick asked = pick;
        Pick picked = asked == null ? Pick.None.NO_HEALTHY_UPSTREAM : target.choose(asked);
        if (picked instanceof Host host) {
            connect(target, host);
            return;
        }
        if (picked instanceof Pick.Later later) {
            // As in Envoy, who comes later may find it: a connection does not wait.
            later.await(() -> {}).run();
        } else {
            target.stats().inc(ClusterCounter.UPSTREAM_CX_NONE_HEALTHY);
        }
        TcpProxyLog.noHost(downstream.info(), target.spec().name());
        stream.flag(ResponseFlag.UH);
        fail(InitFailure.NO_HEALTHY_UPSTREAM);
    }

    private void connect(Cluster target, Host host) {
        carrier = target.of(host);
        stream.attemptCount = attempts;
        TcpProxyLog.connecting(downstream.info(), target.spec().name(), host);
        UpstreamInfo info = stream.upstreamForWriting();
        host.describe(info);
        info.attempted(host.address(), host.hostname());
        if (info.connectStartNanos == -1) {
            info.connectStartNanos = downstream.worker().nanoTime();
        }
        TransportOptions options = spec.clientTlvs().options(stream, target.of(host).spec());
        TunnelRequest tunnelled = tunnelRequest();
        if (tunnelled == null) {
            Cancellable begun =
                    target.newConnection(
                            host, Priority.DEFAULT, options.withHostName(host.hostname()), this);
            if (begun != Cancellable.DONE) {
                // Else it has ended, and the next attempt may have begun already.
                connecting = begun;
            }
            return;
        }
        TunnelUpstream attempt = new TunnelUpstream(this, tunnelled, stream, target.isSecure(host));
        tunnel = attempt;
        attempt.open(target, host, options);
    }

    /** Null where the bytes go as they are. */
    private @Nullable TunnelRequest tunnelRequest() {
        TunnelRequest configured = factory.tunnel();
        if (configured == null) {
            return null;
        }
        FilterState.Value disabled =
                downstream.info().filterState().get(TcpProxySpec.DISABLE_TUNNELING_KEY);
        return disabled != null && disabled.serializeAsString().equals("true") ? null : configured;
    }

    private void shed(CloseType how) {
        stats.downstreamCxOverloadClose.inc();
        stream.flag(ResponseFlag.OM);
        downstream.close(how, null);
    }

    /** Envoy's closing when there is no upstream. */
    private void fail(InitFailure why) {
        // The reason as Envoy spells it.
        downstream.closeFor(CloseType.NO_FLUSH, "tcp_initializion_failure:" + why.ordinal());
    }

    /** Why there is no upstream, in the order of Envoy's numbers. */
    private enum InitFailure {
        CONNECT_FAILED,
        NO_HEALTHY_UPSTREAM,
        RESOURCE_LIMIT_EXCEEDED,
        NO_ROUTE
    }

    @Override
    public void onFailure(PoolFailure why, @Nullable String transportFailureReason, Host host) {
        connecting = Cancellable.DONE;
        tunnel = null;
        if (closed) {
            return;
        }
        TcpProxyLog.connectFailed(downstream.info(), why, transportFailureReason);
        if (transportFailureReason != null) {
            stream.upstreamForWriting().transportFailureReason = transportFailureReason;
        }
        if (!why.isOverflow() && why != PoolFailure.LOAD_SHED) {
            host.monitor()
                    .onLocalEvent(
                            downstream.worker().index(),
                            why == PoolFailure.TIMEOUT
                                    ? OutlierMonitor.LocalEvent.TIMEOUT
                                    : OutlierMonitor.LocalEvent.CONNECT_FAILED);
        }
        Cluster target = cluster;
        if (why == PoolFailure.LOAD_SHED && target != null) {
            connect(target);
            return;
        }
        if (why.isOverflow() || target == null) {
            stream.flag(ResponseFlag.UO);
            fail(InitFailure.RESOURCE_LIMIT_EXCEEDED);
            return;
        }
        stream.flag(ResponseFlag.UF);
        TcpProxySpec.Backoff backoff = spec.backoff();
        if (backoff != null && attempts < spec.maxConnectAttempts()) {
            timers.retryIn(backoff.draw(attempts, downstream.worker().random()));
        } else {
            connect(target);
        }
    }

    /** The time between two attempts is over. */
    void onRetry() {
        Cluster target = cluster;
        if (!closed && target != null) {
            connect(target);
        }
    }

    @Override
    public void onConnection(Connection established, Host host) {
        connecting = Cancellable.DONE;
        if (closed || !downstream.isOpen()) {
            established.close(CloseType.NO_FLUSH, null);
            return;
        }
        established.chargeTo(downstream.account());
        connected(new DirectUpstream(this, stream, established), established, host);
    }

    /** The peer has accepted a tunnel. */
    void onTunnel(TunnelUpstream accepted, Connection carrier, Host host) {
        tunnel = null;
        connected(accepted, carrier, host);
    }

    private void connected(TcpUpstream established, Connection carrier, Host host) {
        upstream = established;
        host.monitor()
                .onLocalEvent(
                        downstream.worker().index(),
                        OutlierMonitor.LocalEvent.CONNECT_SUCCESS_FINAL);
        describe(carrier);
        TcpProxyLog.attached(downstream.info(), carrier.info());
        while (early.bytes() > 0) {
            forward(
                    established,
                    early.take(Integer.MAX_VALUE),
                    downstreamEnded && early.bytes() == 0);
        }
        if (downstreamEnded) {
            established.end();
        }
        // What came early may have filled the upstream: that holds the client on its own.
        downstream.input().release();
        if (spec.accessLogOnConnected()) {
            timers.log(stream, AccessLogType.TcpUpstreamConnected);
        }
    }

    private void describe(Connection established) {
        UpstreamInfo info = stream.upstreamForWriting();
        ConnectionInfo connection = established.info();
        info.localAddress = connection.localAddress();
        info.remoteAddress = connection.remoteAddress();
        info.connection(connection.id());
        info.tls = connection.tls();
        info.connectDoneNanos = downstream.worker().nanoTime();
        info.poolReadyNanos = info.connectDoneNanos;
        if (connection.tls() != null) {
            info.handshakeDoneNanos = connection.handshakeNanos();
        }
        info.filterState = connection.filterState();
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        timers.touch();
        if (overload.sheds(LoadShedPoint.TCP_PROXY_ON_DATA)) {
            stats.downstreamCxRxBytesTotal.add(data.readableBytes());
            stream.bytesReceived += data.readableBytes();
            data.release();
            shed(CloseType.FLUSH_WRITE);
            return;
        }
        downstreamEnded |= end;
        TcpUpstream target = upstream;
        if (target == null) {
            // Read before there was a way to stop reading: not received as long as nobody takes it.
            early.add(data);
            early.settle(downstream.account(), downstream.worker().allocator());
            return;
        }
        forward(target, data, end);
        if (end) {
            target.end();
        }
        checkDrain();
    }

    /** {@code check_drain_close} */
    private void checkDrain() {
        if (spec.checkDrainClose() && !closed && factory.context().drain().drainClose()) {
            stats.downstreamCxDrainClose.inc();
            downstream.close(CloseType.FLUSH_WRITE, null);
        }
    }

    private void forward(TcpUpstream target, ByteBuf data, boolean end) {
        int length = data.readableBytes();
        stats.downstreamCxRxBytesTotal.add(length);
        stream.bytesReceived += length;
        stream.downstreamWireBytesReceived += length;
        TcpProxyLog.bytes(downstream.info(), "downstream", length, end);
        target.write(data);
    }

    /** Bytes of the server; takes ownership. */
    void fromUpstream(ByteBuf data, boolean end) {
        stats.downstreamCxTxBytesTotal.add(data.readableBytes());
        stream.downstreamWireBytesSent += data.readableBytes();
        TcpProxyLog.bytes(downstream.info(), "upstream", data.readableBytes(), end);
        timers.touch();
        downstream.write(data);
        if (end) {
            downstream.shutdownOutput();
        }
        checkDrain();
    }

    /** Our write buffer to the client is full: the server waits. */
    @Override
    public void onAboveHighWatermark() {
        TcpUpstream source = upstream;
        Valve input = source == null || heldInput != null ? null : source.input();
        if (input != null) {
            heldInput = input;
            input.hold();
            if (carrier != null) {
                carrier.stats().inc(ClusterCounter.UPSTREAM_FLOW_CONTROL_PAUSED_READING_TOTAL);
            }
        }
    }

    @Override
    public void onBelowLowWatermark() {
        TcpUpstream source = upstream;
        Valve held = heldInput;
        heldInput = null;
        // One whose stream is over holds nothing any more.
        if (held != null && source != null && source.input() == held) {
            held.release();
            if (carrier != null) {
                carrier.stats().inc(ClusterCounter.UPSTREAM_FLOW_CONTROL_RESUMED_READING_TOTAL);
            }
        }
    }

    @Override
    public void onClosed(ConnectionEvent event) {
        closed = true;
        connecting.cancel();
        early.release();
        TunnelUpstream pending = tunnel;
        if (pending != null && pending.abandon()) {
            // As in Envoy, a tunnel that was asked for and not there yet is one that failed.
            stream.flag(ResponseFlag.UF);
        }
        TcpUpstream target = upstream;
        if (target != null) {
            target.downstreamClosed(event);
        } else if (event != ConnectionEvent.LOCAL_CLOSE) {
            stream.flag(ResponseFlag.DC);
        }
        timers.finish(stream);
    }

    void onIdle() {
        stats.idleTimeout.inc();
        TcpProxyLog.timeout(downstream.info(), "Session timed out");
        closeBoth("tcp_session_idle_timeout");
    }

    void onMaxDuration() {
        stats.maxDownstreamConnectionDuration.inc();
        TcpProxyLog.timeout(downstream.info(), "max connection duration reached");
        stream.flag(ResponseFlag.DT);
        closeBoth("max_connection_duration_reached");
    }

    private void closeBoth(String reason) {
        TcpUpstream target = upstream;
        if (target != null) {
            target.giveUp(reason);
        }
        downstream.closeFor(CloseType.NO_FLUSH, reason);
    }

    @Override
    public StreamInfo stream() {
        TcpUpstream target = upstream;
        if (target != null) {
            target.count();
        }
        timers.count(stream);
        return stream;
    }

    TcpProxyStats stats() {
        return stats;
    }

    /** Who pays for what is held for the client. */
    MemoryAccount account() {
        return downstream.account();
    }

    // What the upstream says.

    void upstreamFull() {
        if (!waitsForRoom) {
            waitsForRoom = true;
            stats.downstreamFlowControlPausedReadingTotal.inc();
            downstream.input().hold();
        }
    }

    void upstreamDrained() {
        if (waitsForRoom) {
            waitsForRoom = false;
            stats.downstreamFlowControlResumedReadingTotal.inc();
            downstream.input().release();
        }
    }

    /** How long nothing may move, in milliseconds; 0 = for ever. */
    long idleMillis() {
        return timers.idleMillis();
    }

    /**
     * @param reset by the server
     */
    void upstreamClosed(boolean reset) {
        if (closed) {
            return;
        }
        if (reset) {
            stream.flag(ResponseFlag.UR);
        }
        downstream.close(reset ? CloseType.ABORT_RESET : CloseType.FLUSH_WRITE, null);
    }
}
