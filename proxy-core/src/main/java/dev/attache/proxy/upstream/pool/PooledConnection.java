package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionLog;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.dial.Dialer;
import dev.attache.proxy.upstream.host.HostCells;
import dev.attache.proxy.upstream.stats.ClusterCounter;
import dev.attache.proxy.upstream.stats.ClusterGauge;
import dev.attache.proxy.upstream.stats.ClusterHistogram;
import dev.attache.proxy.worker.Timer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One upstream connection of a pool, from the dial to its end: what it may carry, what it carries,
 * how long it may live. Loop-confined; owned by its pool.
 *
 * <p>Longer than files here should be: each of its ends (dial, idle, age, GOAWAY, drain, close) has
 * to know of the others.
 */
abstract class PooledConnection implements Dialer.Listener {

    enum State {
        CONNECTING,
        /** Can take a stream. */
        READY,
        /** As many streams as it may have at once. */
        BUSY,
        /** Takes no more; closes with its last stream. */
        DRAINING,
        CLOSED
    }

    final ConnectionPool pool;
    @Nullable PooledConnection nextReady;
    @Nullable PooledConnection previousReady;
    @Nullable PooledConnection next;
    @Nullable PooledConnection previous;
    State state = State.CONNECTING;
    long concurrentLimit;
    long remainingStreams;
    int activeStreams;
    private final long startNanos;
    private final Lifetime connectTimer = new Lifetime(Lifetime.CONNECT);
    private @Nullable Lifetime durationTimer;
    private @Nullable Lifetime idleTimer;
    private long idleSinceNanos;
    private Cancellable dial = Cancellable.DONE;
    private @Nullable Connection connection;
    private long connectedNanos;
    private long streams;
    private long receivedCounted;
    private long sentCounted;
    private boolean dialled;
    private boolean resourcesHeld;

    PooledConnection(ConnectionPool pool, long concurrentLimit, long lifetimeStreams) {
        this.pool = pool;
        this.concurrentLimit = concurrentLimit;
        this.remainingStreams = lifetimeStreams == 0 ? Long.MAX_VALUE : lifetimeStreams;
        this.startNanos = pool.context().worker().nanoTime();
    }

    /** A deadline of this connection. */
    final class Lifetime extends Timer {
        static final int CONNECT = 0;
        static final int IDLE = 1;
        static final int DURATION = 2;
        private final int kind;

        Lifetime(int kind) {
            this.kind = kind;
        }

        @Override
        protected void expire() {
            switch (kind) {
                case CONNECT -> onConnectTimeout();
                case IDLE -> onIdleCheck();
                default -> onMaxDuration();
            }
        }
    }

    /** Takes its share of the limits and begins to connect. */
    void open() {
        resourcesHeld = true;
        PoolContext context = pool.context();
        context.breaker(pool.priority()).connections().inc();
        context.stats().inc(ClusterCounter.UPSTREAM_CX_TOTAL);
        context.stats().add(ClusterGauge.UPSTREAM_CX_ACTIVE, 1);
        pool.cells().inc(HostCells.Stat.CX_TOTAL);
        pool.cells().inc(HostCells.Stat.CX_ACTIVE);
        context.worker().timers().schedule(connectTimer, context.spec().connectTimeoutMillis());
        Cancellable dialling = pool.dial(this);
        if (state == State.CONNECTING) {
            dial = dialling;
        }
    }

    @Nullable Connection connection() {
        return connection;
    }

    /** What it could take while it is still connecting. */
    long capacity() {
        return Math.min(concurrentLimit, remainingStreams);
    }

    /** How many streams it could take beside those that it has. */
    long spareStreams() {
        return Math.clamp(concurrentLimit - activeStreams, 0, Math.min(remainingStreams, 1 << 20));
    }

    void countStream() {
        streams++;
        activeStreams++;
        remainingStreams--;
    }

    /** As in Envoy, each further address of the host that is tried counts as a connection. */
    @Override
    public void onDialling(long id) {
        if (dialled) {
            pool.context().stats().inc(ClusterCounter.UPSTREAM_CX_TOTAL);
            pool.cells().inc(HostCells.Stat.CX_TOTAL);
        }
        dialled = true;
    }

    @Override
    public void onConnected(Connection established) {
        connectTimer.cancel();
        dial = Cancellable.DONE;
        connection = established;
        ConnectionLog.connected(established.info());
        connectedNanos = pool.context().worker().nanoTime();
        pool.context()
                .stats()
                .record(
                        ClusterHistogram.UPSTREAM_CX_CONNECT_MS,
                        TimeUnit.NANOSECONDS.toMillis(connectedNanos - startNanos));
        int bufferLimit = pool.context().spec().bufferLimitBytes();
        established.bufferLimit(bufferLimit);
        established.watermarkTimeout(pool.context().spec().bufferWatermarkTimeoutMillis());
        OpenConnectionFilters filters = pool.context().connectionFilters();
        if (filters != null && !filters.admit(established, pool.host(), pool.context().spec())) {
            fail(PoolFailure.LOCAL_CONNECTION_FAILURE, null, false);
            return;
        }
        // What it may carry at once is part of the plan until it is connected.
        pool.leaveConnecting(this);
        adopt(established);
        long duration = maxDurationMillis();
        if (duration > 0) {
            Lifetime timer = new Lifetime(Lifetime.DURATION);
            durationTimer = timer;
            pool.context().worker().timers().schedule(timer, duration);
        }
        if (idleTimeoutMillis() > 0) {
            idleTimer = new Lifetime(Lifetime.IDLE);
            idleSinceNanos = connectedNanos;
            pool.context().worker().timers().schedule(idleTimer, idleTimeoutMillis());
        }
        pool.onConnected(this);
    }

    /** The last stream is gone: time begins to count. No timer is touched. */
    void idleFromNow() {
        idleSinceNanos = pool.context().worker().arrivalNanos();
    }

    @Override
    public void onDialFailed(boolean remote, @Nullable String transportFailureReason) {
        fail(
                remote
                        ? PoolFailure.REMOTE_CONNECTION_FAILURE
                        : PoolFailure.LOCAL_CONNECTION_FAILURE,
                transportFailureReason,
                remote);
    }

    private void onConnectTimeout() {
        pool.context().stats().inc(ClusterCounter.UPSTREAM_CX_CONNECT_TIMEOUT);
        PoolLog.timeout(null, "connect timeout");
        dial.cancel();
        fail(PoolFailure.TIMEOUT, null, false);
    }

    private void fail(PoolFailure why, @Nullable String reason, boolean remote) {
        if (state != State.CONNECTING) {
            return;
        }
        PoolContext context = pool.context();
        context.stats().inc(ClusterCounter.UPSTREAM_CX_CONNECT_FAIL);
        pool.cells().inc(HostCells.Stat.CX_CONNECT_FAIL);
        countDestroy(!remote, false);
        pool.leaveConnecting(this);
        state = State.CLOSED;
        releaseResources();
        pool.onConnectFailed(this, why, reason);
    }

    /** Idle checks are lazy: a request moves no timer, the timer looks when it fires. */
    private void onIdleCheck() {
        Lifetime timer = idleTimer;
        if (timer == null || state == State.CLOSED) {
            return;
        }
        long timeout = idleTimeoutMillis();
        long left = timeout;
        if (activeStreams == 0) {
            long idle =
                    TimeUnit.NANOSECONDS.toMillis(
                            pool.context().worker().nanoTime() - idleSinceNanos);
            left = timeout - idle;
            if (left <= 0) {
                pool.context().stats().inc(ClusterCounter.UPSTREAM_CX_IDLE_TIMEOUT);
                PoolLog.timeout(connection, "idle timeout");
                close();
                return;
            }
        }
        pool.context().worker().timers().schedule(timer, left);
    }

    private void onMaxDuration() {
        pool.context().stats().inc(ClusterCounter.UPSTREAM_CX_MAX_DURATION_REACHED);
        PoolLog.timeout(connection, "max connection duration reached");
        pool.drain(this);
    }

    /** Gives up a connection that nobody waits for any more. */
    void cancelConnecting() {
        dial.cancel();
        countDestroy(true, false);
        pool.leaveConnecting(this);
        state = State.CLOSED;
        releaseResources();
        pool.forget(this);
    }

    /** Our side ends it. Streams on it, if any, are reset when the close comes back. */
    void close() {
        Connection established = connection;
        if (established == null || state == State.CLOSED) {
            return;
        }
        if (activeStreams == 0) {
            ended(true);
        } else {
            pool.unready(this);
            state = State.DRAINING;
        }
        established.close(CloseType.NO_FLUSH, null);
    }

    /** The connection is gone, or as good as gone. Idempotent. */
    final void ended(boolean local) {
        if (state == State.CLOSED) {
            return;
        }
        PoolLog.disconnected(connection);
        countDestroy(local, hasIncompleteStreams());
        pool.unready(this);
        state = State.CLOSED;
        releaseResources();
        pool.onEnded(this);
    }

    private void countDestroy(boolean local, boolean withActive) {
        var stats = pool.context().stats();
        stats.inc(ClusterCounter.UPSTREAM_CX_DESTROY);
        stats.inc(
                local
                        ? ClusterCounter.UPSTREAM_CX_DESTROY_LOCAL
                        : ClusterCounter.UPSTREAM_CX_DESTROY_REMOTE);
        if (withActive) {
            stats.inc(ClusterCounter.UPSTREAM_CX_DESTROY_WITH_ACTIVE_RQ);
            stats.inc(
                    local
                            ? ClusterCounter.UPSTREAM_CX_DESTROY_LOCAL_WITH_ACTIVE_RQ
                            : ClusterCounter.UPSTREAM_CX_DESTROY_REMOTE_WITH_ACTIVE_RQ);
        }
    }

    private void releaseResources() {
        connectTimer.cancel();
        if (durationTimer != null) {
            durationTimer.cancel();
        }
        if (idleTimer != null) {
            idleTimer.cancel();
        }
        if (!resourcesHeld) {
            return;
        }
        resourcesHeld = false;
        countBytes();
        PoolContext context = pool.context();
        context.breaker(pool.priority()).connections().dec();
        context.stats().add(ClusterGauge.UPSTREAM_CX_ACTIVE, -1);
        pool.cells().dec(HostCells.Stat.CX_ACTIVE);
        long now = context.worker().nanoTime();
        context.stats()
                .record(
                        ClusterHistogram.UPSTREAM_CX_LENGTH_MS,
                        TimeUnit.NANOSECONDS.toMillis(now - startNanos));
        if (connection != null) {
            context.stats().record(ClusterHistogram.UPSTREAM_RQ_PER_CX, streams);
        }
    }

    /** Brings the byte counters up to date; called when a stream ends and at the end. */
    void countBytes() {
        Connection established = connection;
        if (established == null) {
            return;
        }
        var stats = pool.context().stats();
        long received = established.bytesReceived();
        long sent = established.info().preambleBytes() + established.bytesSent();
        stats.add(ClusterCounter.UPSTREAM_CX_RX_BYTES_TOTAL, received - receivedCounted);
        stats.add(ClusterCounter.UPSTREAM_CX_TX_BYTES_TOTAL, sent - sentCounted);
        receivedCounted = received;
        sentCounted = sent;
    }

    /** Makes the connection usable: sets its handler. */
    abstract void adopt(Connection established);

    /** Starts what was waiting; the pool has counted it already. */
    abstract void attach(PendingStream stream);

    /** Its end would cut something short. */
    abstract boolean hasIncompleteStreams();

    /** 0 = no limit. */
    abstract long idleTimeoutMillis();

    /** 0 = no limit. */
    abstract long maxDurationMillis();
}
