package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.overload.LoadShedPoint;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostCells;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec;
import dev.attache.proxy.upstream.spec.Preconnect;
import dev.attache.proxy.upstream.stats.ClusterCounter;
import dev.attache.proxy.upstream.stats.ClusterGauge;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one worker to one host for one kind of use, and who waits for them. Ready
 * connections are taken last in, first out, so that spare ones grow idle; who waits is served first
 * in, first out. Loop-confined; lives while it has connections or waiters.
 *
 * <p>Limits are Envoy's: a stream needs a free request, a place in the queue needs a free pending
 * request, a new connection needs a free connection, except that a pool without any may always open
 * one.
 *
 * <p>Longer than files here should be: streams, connections and the queue are counted against one
 * another in each step.
 */
abstract class ConnectionPool {

    /** At most so many connections are opened at one occasion, as in Envoy. */
    private static final int MAX_OPENED_AT_ONCE = 3;

    private final HostPools owner;
    private final PoolContext context;
    private final Host host;
    private final HostCells cells;
    private final PoolKey key;
    private final CircuitBreaker breaker;
    private final TransportOptions dialOptions;
    private final PendingQueue pending = new PendingQueue();
    private @Nullable PendingQueue failing;
    private @Nullable PooledConnection ready;
    private @Nullable PooledConnection all;
    private int connections;
    private int activeStreams;
    private long connectingCapacity;
    private boolean draining;
    private boolean gone;

    ConnectionPool(HostPools owner, PoolKey key, TransportOptions dialOptions) {
        this.owner = owner;
        this.context = owner.context();
        this.host = owner.host();
        this.cells = host.cells(context.worker().index());
        this.key = key;
        this.breaker = context.breaker(key.priority());
        this.dialOptions = dialOptions;
    }

    final PoolContext context() {
        return context;
    }

    final Host host() {
        return host;
    }

    final HostCells cells() {
        return cells;
    }

    final PoolKey key() {
        return key;
    }

    final Priority priority() {
        return key.priority();
    }

    final int connections() {
        return connections;
    }

    /** It serves nobody, whatever connections it has. */
    final boolean isUnused() {
        return pending.isEmpty() && activeStreams == 0;
    }

    /** A connection object of the right kind, not opened. */
    abstract PooledConnection newConnection();

    final Cancellable dial(PooledConnection connection) {
        return context.dialer().dial(host, context.transport(host), dialOptions, connection);
    }

    /** A connection that can take a stream at once, or null. */
    final @Nullable PooledConnection firstReady() {
        return ready;
    }

    /** False, and counted, where the request limit is reached. */
    final boolean mayAttach() {
        if (breaker.requests().canCreate()) {
            return true;
        }
        context.stats().inc(ClusterCounter.UPSTREAM_RQ_ACTIVE_OVERFLOW);
        return false;
    }

    /** Books a stream on a connection, just before it begins. */
    final void book(PooledConnection connection) {
        PoolLog.streamCreated(connection.connection());
        connection.countStream();
        if (connection.remainingStreams == 0) {
            context.stats().inc(ClusterCounter.UPSTREAM_CX_MAX_REQUESTS);
            unready(connection);
            connection.state = PooledConnection.State.DRAINING;
        } else if (connection.activeStreams >= connection.concurrentLimit) {
            unready(connection);
            connection.state = PooledConnection.State.BUSY;
        }
        activeStreams++;
        cells.inc(HostCells.Stat.RQ_TOTAL);
        cells.inc(HostCells.Stat.RQ_ACTIVE);
        context.stats().inc(ClusterCounter.UPSTREAM_RQ_TOTAL);
        context.stats().add(ClusterGauge.UPSTREAM_RQ_ACTIVE, 1);
        breaker.requests().inc();
    }

    /** Nothing is ready: waits for a connection, opening one where the limits let it. */
    final Cancellable enqueue(PendingStream stream) {
        if (!breaker.pendingRequests().canCreate()) {
            context.stats().inc(ClusterCounter.UPSTREAM_RQ_PENDING_OVERFLOW);
            PoolLog.overflow(host);
            stream.fail(PoolFailure.QUEUE_OVERFLOW, null);
            if (draining || !owner.keepsEmpty(this)) {
                forgetIfEmpty();
            }
            return Cancellable.DONE;
        }
        PoolLog.queueing(host, pending.size(), connections);
        pending.add(stream);
        context.stats().inc(ClusterCounter.UPSTREAM_RQ_PENDING_TOTAL);
        context.stats().add(ClusterGauge.UPSTREAM_RQ_PENDING_ACTIVE, 1);
        cells.inc(HostCells.Stat.RQ_PENDING_ACTIVE);
        breaker.pendingRequests().inc();
        if (!openConnections() && stream.queued) {
            shed(stream);
        }
        return stream.queued ? stream : Cancellable.DONE;
    }

    /** No connection is opened for {@code stream}, and it does not wait for another one either. */
    private void shed(PendingStream stream) {
        stream.cancel();
        stream.fail(PoolFailure.LOAD_SHED, null);
    }

    private void leftQueue() {
        context.stats().add(ClusterGauge.UPSTREAM_RQ_PENDING_ACTIVE, -1);
        cells.dec(HostCells.Stat.RQ_PENDING_ACTIVE);
        breaker.pendingRequests().dec();
    }

    final void onCancelled(PendingStream stream) {
        PendingQueue being = failing;
        if (being != null && being.contains(stream)) {
            being.remove(stream);
        } else {
            pending.remove(stream);
        }
        leftQueue();
        context.stats().inc(ClusterCounter.UPSTREAM_RQ_CANCELLED);
        if (stream.connection != null) {
            closeExcess();
        }
        forgetIfEmpty();
    }

    /**
     * A connection that is being opened for nobody is given up; as in Envoy only where connections
     * are asked for. One of HTTP serves the next stream: else a client that opens and resets
     * streams would have us dial for each.
     */
    private void closeExcess() {
        PooledConnection newest = newestConnecting();
        if (newest != null && wanted() <= provided() - newest.capacity()) {
            newest.cancelConnecting();
        }
    }

    private @Nullable PooledConnection newestConnecting() {
        for (PooledConnection each = all; each != null; each = each.next) {
            if (each.state == PooledConnection.State.CONNECTING) {
                return each;
            }
        }
        return null;
    }

    // ---- connections come -----------------------------------------------------------------------

    /** Streams to be provided for. */
    private double wanted() {
        Preconnect preconnect = context.spec().preconnect();
        return (pending.size() + activeStreams) * (preconnect.keepsReady(host) ? ratio() : 1);
    }

    private double ratio() {
        return context.spec().preconnect().perUpstreamRatio();
    }

    /** Streams that are provided for; connections that are ready count where spare ones are. */
    private long provided() {
        long provided = connectingCapacity + activeStreams;
        if (ratio() > 1) {
            for (PooledConnection each = ready; each != null; each = each.nextReady) {
                provided += each.spareStreams();
            }
        }
        return provided;
    }

    private void countSkipped() {
        if (context.spec().preconnect().skips(host)
                && (pending.size() + activeStreams) * ratio() > provided()) {
            context.stats().inc(ClusterCounter.UPSTREAM_CX_PRECONNECT_SKIPPED);
        }
    }

    /** False where one was needed and load is shed. */
    final boolean openConnections() {
        for (int i = 0; i < MAX_OPENED_AT_ONCE && !gone; i++) {
            if (wanted() <= provided()) {
                countSkipped();
                return true;
            }
            if (context.worker().overload().sheds(LoadShedPoint.CONNECTION_POOL_NEW_CONNECTION)) {
                PoolLog.noNewConnection(host);
                return false;
            }
            if (!openOne()) {
                return true;
            }
        }
        return true;
    }

    private boolean openOne() {
        boolean allowed = breaker.connections().canCreate() && belowHostLimit();
        if (!allowed) {
            context.stats().inc(ClusterCounter.UPSTREAM_CX_OVERFLOW);
        }
        if (!allowed && connections > 0) {
            PoolLog.noNewConnection(host);
            return false;
        }
        PoolLog.creating(host);
        PooledConnection connection = newConnection();
        connection.next = all;
        if (all != null) {
            all.previous = connection;
        }
        all = connection;
        connections++;
        connectingCapacity += connection.capacity();
        connection.open();
        return allowed;
    }

    private boolean belowHostLimit() {
        long limit = context.spec().circuitBreakers().perHostMaxConnections();
        return limit >= CircuitBreakerSpec.UNLIMITED || host.stat(HostCells.Stat.CX_ACTIVE) < limit;
    }

    /** Takes the connection out of the plan; before its limits change. */
    final void leaveConnecting(PooledConnection connection) {
        if (connection.state == PooledConnection.State.CONNECTING) {
            connectingCapacity -= connection.capacity();
            connection.state = PooledConnection.State.BUSY;
        }
    }

    final void onConnected(PooledConnection connection) {
        makeReady(connection);
        serve();
        if (draining) {
            drainIdle();
        }
    }

    final void onConnectFailed(
            PooledConnection connection, PoolFailure why, @Nullable String reason) {
        PoolLog.connectFailed(host, why, reason);
        unlink(connection);
        // What is queued from here on (a retry on the same host) is not part of this failure.
        PendingQueue doomed = pending.takeAll();
        PendingQueue outer = failing;
        failing = doomed;
        PendingStream stream;
        while ((stream = doomed.poll()) != null) {
            leftQueue();
            context.stats().inc(ClusterCounter.UPSTREAM_RQ_PENDING_FAILURE_EJECT);
            stream.fail(why, reason);
        }
        failing = outer;
        openConnections();
        forgetIfEmpty();
    }

    // ---- connections serve ----------------------------------------------------------------------

    private void makeReady(PooledConnection connection) {
        connection.state = PooledConnection.State.READY;
        connection.previousReady = null;
        connection.nextReady = ready;
        if (ready != null) {
            ready.previousReady = connection;
        }
        ready = connection;
    }

    final void unready(PooledConnection connection) {
        if (connection.state != PooledConnection.State.READY) {
            return;
        }
        PooledConnection before = connection.previousReady;
        PooledConnection after = connection.nextReady;
        if (before == null) {
            ready = after;
        } else {
            before.nextReady = after;
        }
        if (after != null) {
            after.previousReady = before;
        }
        connection.nextReady = null;
        connection.previousReady = null;
        connection.state = PooledConnection.State.BUSY;
    }

    /** Hands ready connections to who waits. */
    final void serve() {
        PooledConnection connection;
        while ((connection = ready) != null) {
            PendingStream stream = pending.poll();
            if (stream == null) {
                return;
            }
            leftQueue();
            PoolLog.attaching(connection.connection());
            if (mayAttach()) {
                book(connection);
                connection.attach(stream);
            } else {
                stream.fail(PoolFailure.OVERFLOW, null);
            }
        }
    }

    /** A stream that was booked is over. */
    final void onStreamEnd(PooledConnection connection, boolean reusable) {
        activeStreams--;
        connection.activeStreams--;
        PoolLog.streamDestroyed(connection.connection(), connection.activeStreams);
        cells.dec(HostCells.Stat.RQ_ACTIVE);
        context.stats().add(ClusterGauge.UPSTREAM_RQ_ACTIVE, -1);
        breaker.requests().dec();
        connection.countBytes();
        if (connection.activeStreams == 0) {
            connection.idleFromNow();
        }
        if (connection.state == PooledConnection.State.CLOSED) {
            forgetIfEmpty();
            return;
        }
        if (!reusable) {
            drain(connection);
        } else if (connection.state == PooledConnection.State.DRAINING) {
            closeIfDone(connection);
        } else if (connection.state == PooledConnection.State.BUSY
                && connection.activeStreams < connection.concurrentLimit) {
            makeReady(connection);
            serve();
        }
        if (draining) {
            drainIdle();
        }
    }

    /** The connection's own limit has changed: the peer's SETTINGS. */
    final void onLimit(PooledConnection connection, long limit) {
        connection.concurrentLimit = limit;
        if (connection.state == PooledConnection.State.READY && connection.activeStreams >= limit) {
            unready(connection);
        } else if (connection.state == PooledConnection.State.BUSY
                && connection.connection() != null
                && connection.activeStreams < limit) {
            makeReady(connection);
            serve();
        }
    }

    /** No more streams on this connection; it closes with its last one. */
    final void drain(PooledConnection connection) {
        if (connection.state == PooledConnection.State.CLOSED
                || connection.state == PooledConnection.State.CONNECTING) {
            return;
        }
        PoolLog.draining(connection.connection());
        unready(connection);
        connection.state = PooledConnection.State.DRAINING;
        closeIfDone(connection);
    }

    private void closeIfDone(PooledConnection connection) {
        if (connection.activeStreams == 0) {
            connection.close();
        }
    }

    final void onEnded(PooledConnection connection) {
        unlink(connection);
        if (!pending.isEmpty() && !openConnections() && connections == 0) {
            // Nothing would ever wake them.
            PendingStream waiting;
            while ((waiting = pending.peek()) != null) {
                shed(waiting);
            }
        }
        forgetIfEmpty();
    }

    /** A connection that never came to serve is gone. */
    final void forget(PooledConnection connection) {
        unlink(connection);
    }

    private void unlink(PooledConnection connection) {
        PooledConnection before = connection.previous;
        PooledConnection after = connection.next;
        if (before == null) {
            all = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        connection.next = null;
        connection.previous = null;
        connections--;
    }

    /** Takes connections out of use: idle ones close, others with their last stream. */
    final void drainConnections() {
        PooledConnection each = all;
        while (each != null) {
            PooledConnection after = each.next;
            drain(each);
            each = after;
        }
    }

    /** From now on every connection leaves when it is idle; who waits is still served. */
    final void drainForGood() {
        draining = true;
        drainIdle();
    }

    private void drainIdle() {
        if (pending.isEmpty()) {
            PooledConnection connecting;
            while ((connecting = newestConnecting()) != null) {
                connecting.cancelConnecting();
            }
            drainConnections();
        }
        forgetIfEmpty();
    }

    /** Every connection at once, streams or not. */
    final void closeConnections() {
        PooledConnection each = all;
        while (each != null) {
            PooledConnection after = each.next;
            if (each.state != PooledConnection.State.CONNECTING) {
                each.close();
            }
            each = after;
        }
    }

    private void forgetIfEmpty() {
        if (!gone && connections == 0 && isUnused() && failing == null) {
            gone = true;
            owner.onPoolEmpty(this);
        }
    }
}
