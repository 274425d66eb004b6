package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.stats.ClusterCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Every pool of one worker for one host: one per protocol, routing priority, transport options and,
 * where the cluster says so, downstream connection. There are few, so they are found by walking.
 * Loop-confined.
 */
public final class HostPools {

    private static final List<String> HTTP1_ALPN = List.of("http/1.1");
    private static final List<String> HTTP2_ALPN = List.of("h2");
    private static final List<String> BOTH_ALPN = List.of("h2", "http/1.1");

    /** Any downstream connection. */
    private static final long SHARED = -1;

    private final PoolContext context;
    private final Host host;
    private final Consumer<HostPools> onEmpty;
    private final List<Entry> entries = new ArrayList<>(2);
    private boolean draining;
    private boolean failed;

    /** A pool and what it is for; {@code kind} is null for TCP. */
    private record Entry(
            ConnectionPool pool,
            HttpPool.@Nullable Kind kind,
            Priority priority,
            TransportOptions options,
            long downstream) {

        boolean matches(
                HttpPool.@Nullable Kind wanted,
                Priority wantedPriority,
                TransportOptions wantedOptions,
                long wantedDownstream) {
            return kind == wanted
                    && priority == wantedPriority
                    && downstream == wantedDownstream
                    && (options == wantedOptions || options.equals(wantedOptions));
        }
    }

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
            TransportOptions asked,
            long downstreamConnectionId,
            HttpSink response,
            StreamWaiter waiter) {
        HttpPool.Kind kind = kind(downstream);
        TransportOptions options = heeded(asked);
        long key = context.spec().connectionPoolPerDownstream() ? downstreamConnectionId : SHARED;
        ConnectionPool pool = find(kind, priority, options, key);
        if (pool == null) {
            if (!mayCreatePool(priority)) {
                waiter.onFailure(PoolFailure.QUEUE_OVERFLOW, null, host);
                return Cancellable.DONE;
            }
            pool = new HttpPool(this, kind, priority, dialOptions(options, kind));
            add(new Entry(pool, kind, priority, options, key));
        }
        return ((HttpPool) pool).newStream(response, waiter);
    }

    /** See {@code Cluster.newConnection}. */
    public Cancellable newConnection(
            Priority priority, TransportOptions asked, ConnectionWaiter waiter) {
        TransportOptions options = heeded(asked);
        ConnectionPool pool = find(null, priority, options, SHARED);
        if (pool == null) {
            if (!mayCreatePool(priority)) {
                waiter.onFailure(PoolFailure.QUEUE_OVERFLOW, null, host);
                return Cancellable.DONE;
            }
            pool = new TcpPool(this, priority, withHostName(options));
            add(new Entry(pool, null, priority, options, SHARED));
        }
        return ((TcpPool) pool).newConnection(waiter);
    }

    /** Whose client it is makes no difference to a host that is not told. */
    private TransportOptions heeded(TransportOptions asked) {
        return asked.proxyHeader() == null || context.transport(host).tellsClient()
                ? asked
                : asked.withProxyHeader(null);
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

    private @Nullable ConnectionPool find(
            HttpPool.@Nullable Kind kind,
            Priority priority,
            TransportOptions options,
            long downstream) {
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            if (entry.matches(kind, priority, options, downstream)) {
                return entry.pool;
            }
        }
        return null;
    }

    private boolean mayCreatePool(Priority priority) {
        if (context.breaker(priority).connectionPools().canCreate()) {
            return true;
        }
        context.stats().inc(ClusterCounter.UPSTREAM_CX_POOL_OVERFLOW);
        return false;
    }

    private void add(Entry entry) {
        context.breaker(entry.priority).connectionPools().inc();
        entries.add(entry);
        if (draining) {
            entry.pool.drainForGood();
        }
    }

    /**
     * As in Envoy a pool that could not even queue stays, until its host goes; not one that only
     * some requests lead to, of which there may be any number.
     */
    boolean keepsEmpty(ConnectionPool pool) {
        return entries.stream()
                .anyMatch(entry ->
                        entry.pool == pool
                                && entry.downstream == SHARED
                                && entry.options.equals(TransportOptions.NONE));
    }

    void onPoolEmpty(ConnectionPool pool) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).pool == pool) {
                Entry gone = entries.remove(i);
                context.breaker(gone.priority).connectionPools().dec();
                break;
            }
        }
        if (entries.isEmpty()) {
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
        return entries.isEmpty();
    }

    /** Connections open or opening. */
    public int connections() {
        int sum = 0;
        for (Entry entry : entries) {
            sum += entry.pool.connections();
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
        for (Entry entry : List.copyOf(entries)) {
            entry.pool.drainConnections();
        }
    }

    /** The host is gone: connections leave when idle, and so does this. */
    public void drainForGood() {
        draining = true;
        for (Entry entry : List.copyOf(entries)) {
            entry.pool.drainForGood();
        }
    }

    /** TCP connections close at once; HTTP ones with their last stream. */
    public void closeTcpConnections() {
        for (Entry entry : List.copyOf(entries)) {
            if (entry.kind == null) {
                entry.pool.closeConnections();
            }
        }
    }
}
