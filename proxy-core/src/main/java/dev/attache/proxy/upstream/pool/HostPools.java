package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.stats.ClusterCounter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every pool of one worker for one host: one per protocol, routing priority, transport options and,
 * where the cluster says so, downstream connection. Where clients are told apart there may be as
 * many as clients: they are found by their key, those that were used last stand last, and of more
 * than {@link #MANY} those that nobody uses close. Loop-confined.
 */
public final class HostPools {

    private static final List<String> HTTP1_ALPN = List.of("http/1.1");
    private static final List<String> HTTP2_ALPN = List.of("h2");
    private static final List<String> BOTH_ALPN = List.of("h2", "http/1.1");

    /** Any downstream connection. */
    static final long SHARED = -1;

    /**
     * Pools of one host on one worker, beyond which one without streams makes room for a new one.
     */
    static final int MANY = 1000;

    /** Pools that are looked at for one without streams, where there are many. */
    private static final int LOOKS = 8;

    private final PoolContext context;
    private final Host host;
    private final Consumer<HostPools> onEmpty;
    private final LinkedHashMap<PoolKey, ConnectionPool> pools =
            new LinkedHashMap<>(4, 0.75f, true);
    private final PoolKey asked = new PoolKey();
    private @Nullable ConnectionPool last;
    private boolean makingRoom;
    private boolean draining;
    private boolean failed;

    /**
     * @param onEmpty told when the last pool is gone
     */
    public HostPools(PoolContext context, Host host, Consumer<HostPools> onEmpty) {
        this.context = context;
        this.host = host;
        this.onEmpty = onEmpty;
    }

    PoolContext context() {
        return context;
    }

    public Host host() {
        return host;
    }

    /** See {@code Cluster.newStream}. */
    public Cancellable newStream(
            Priority priority,
            Protocol downstream,
            TransportOptions wanted,
            long downstreamConnectionId,
            HttpSink response,
            StreamWaiter waiter) {
        HttpPool.Kind kind = kind(downstream);
        TransportOptions options = heeded(wanted);
        long key = context.spec().connectionPoolPerDownstream() ? downstreamConnectionId : SHARED;
        ConnectionPool pool = find(kind, priority, options, key);
        if (pool == null) {
            if (!mayCreatePool(priority)) {
                waiter.onFailure(PoolFailure.QUEUE_OVERFLOW, null, host);
                return Cancellable.DONE;
            }
            PoolKey own = asked.set(kind, priority, options, key).copy();
            pool = add(new HttpPool(this, kind, own, dialOptions(options, kind)));
        }
        return ((HttpPool) pool).newStream(response, waiter);
    }

    /** See {@code Cluster.newConnection}. */
    public Cancellable newConnection(
            Priority priority, TransportOptions wanted, ConnectionWaiter waiter) {
        TransportOptions options = heeded(wanted);
        ConnectionPool pool = find(null, priority, options, SHARED);
        if (pool == null) {
            if (!mayCreatePool(priority)) {
                waiter.onFailure(PoolFailure.QUEUE_OVERFLOW, null, host);
                return Cancellable.DONE;
            }
            PoolKey own = asked.set(null, priority, options, SHARED).copy();
            pool = add(new TcpPool(this, own, withHostName(options)));
        }
        return ((TcpPool) pool).newConnection(waiter);
    }

    /** Whose client it is makes no difference to a host that is not told. */
    private TransportOptions heeded(TransportOptions wanted) {
        return wanted.proxyHeader() == null || context.transport(host).tellsClient()
                ? wanted
                : wanted.withProxyHeader(null);
    }

    private HttpPool.Kind kind(Protocol downstream) {
        return switch (context.spec().http().protocol()) {
            case HTTP1 -> HttpPool.Kind.HTTP1;
            case HTTP2 -> HttpPool.Kind.HTTP2;
            case USE_DOWNSTREAM ->
                    downstream.multiplexed() ? HttpPool.Kind.HTTP2 : HttpPool.Kind.HTTP1;
            case ALPN ->
                    context.transport(host).usesAlpn() ? HttpPool.Kind.ALPN : HttpPool.Kind.HTTP1;
        };
    }

    /** Most requests go where the one before went. */
    private @Nullable ConnectionPool find(
            HttpPool.@Nullable Kind kind,
            Priority priority,
            TransportOptions options,
            long downstream) {
        PoolKey wanted = asked.set(kind, priority, options, downstream);
        ConnectionPool present = last;
        if (present != null && present.key().equals(wanted)) {
            return present;
        }
        ConnectionPool found = pools.get(wanted);
        last = found;
        return found;
    }

    /** Where there may be no more, one without streams makes room. */
    private boolean mayCreatePool(Priority priority) {
        CircuitBreaker.Resource breaker = context.breaker(priority).connectionPools();
        if (pools.size() >= MANY) {
            closeOneWithoutStreams(null, LOOKS);
        }
        if (!breaker.canCreate()) {
            closeOneWithoutStreams(priority, pools.size());
        }
        if (breaker.canCreate()) {
            return true;
        }
        context.stats().inc(ClusterCounter.UPSTREAM_CX_POOL_OVERFLOW);
        return false;
    }

    /**
     * That which was used longest ago; those on the way that have streams are in use now.
     *
     * @param priority of which it is to be, or null
     * @param looks pools that are looked at, at most
     */
    private void closeOneWithoutStreams(@Nullable Priority priority, int looks) {
        ConnectionPool victim = null;
        for (int i = Math.min(looks, pools.size()); i > 0 && victim == null; i--) {
            ConnectionPool eldest = pools.firstEntry().getValue();
            if (eldest.isUnused() && (priority == null || eldest.priority() == priority)) {
                victim = eldest;
            } else {
                pools.get(eldest.key());
            }
        }
        if (victim != null) {
            makingRoom = true;
            victim.drainForGood();
            makingRoom = false;
        }
    }

    private ConnectionPool add(ConnectionPool pool) {
        context.breaker(pool.priority()).connectionPools().inc();
        pools.put(pool.key(), pool);
        last = pool;
        if (draining) {
            pool.drainForGood();
        }
        return pool;
    }

    /**
     * As in Envoy a pool that could not even queue stays, until its host goes; not one that only
     * some requests lead to, of which there may be any number.
     */
    boolean keepsEmpty(ConnectionPool pool) {
        return pool.key().isPlain();
    }

    void onPoolEmpty(ConnectionPool pool) {
        if (pools.remove(pool.key(), pool)) {
            context.breaker(pool.priority()).connectionPools().dec();
        }
        if (last == pool) {
            last = null;
        }
        if (pools.isEmpty() && !makingRoom) {
            onEmpty.accept(this);
        }
    }

    private TransportOptions dialOptions(TransportOptions options, HttpPool.Kind kind) {
        List<String> protocols =
                switch (kind) {
                    case HTTP1 -> HTTP1_ALPN;
                    case HTTP2 -> HTTP2_ALPN;
                    case ALPN -> BOTH_ALPN;
                };
        return withHostName(options).withAlpnFallback(protocols);
    }

    private TransportOptions withHostName(TransportOptions options) {
        String name = host.hostname();
        return name.isEmpty() ? options : options.withHostName(name);
    }

    public boolean isEmpty() {
        return pools.isEmpty();
    }

    /** Connections open or opening. */
    public int connections() {
        int sum = 0;
        for (ConnectionPool pool : pools.values()) {
            sum += pool.connections();
        }
        return sum;
    }

    /** Remembers the host's state; true where it has just failed. */
    public boolean noteFailed(boolean nowFailed) {
        boolean justFailed = nowFailed && !failed;
        failed = nowFailed;
        return justFailed;
    }

    /** The host stays, its connections go: each with its last stream. */
    public void drainConnections() {
        for (ConnectionPool pool : List.copyOf(pools.values())) {
            pool.drainConnections();
        }
    }

    /** The host is gone: connections leave when idle, and so does this. */
    public void drainForGood() {
        draining = true;
        for (ConnectionPool pool : List.copyOf(pools.values())) {
            pool.drainForGood();
        }
    }

    /** TCP connections close at once; HTTP ones with their last stream. */
    public void closeTcpConnections() {
        for (ConnectionPool pool : List.copyOf(pools.values())) {
            if (pool.key().isTcp()) {
                pool.closeConnections();
            }
        }
    }
}
