package dev.attache.proxy.upstream;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.dial.Dialer;
import dev.attache.proxy.upstream.discovery.DnsCaches;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.Pick;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.lb.BalancerContext;
import dev.attache.proxy.upstream.lb.LoadBalancer;
import dev.attache.proxy.upstream.lb.PickContext;
import dev.attache.proxy.upstream.pool.CircuitBreaker;
import dev.attache.proxy.upstream.pool.ClientCodec;
import dev.attache.proxy.upstream.pool.ConnectionWaiter;
import dev.attache.proxy.upstream.pool.HostPools;
import dev.attache.proxy.upstream.pool.OpenConnectionFilters;
import dev.attache.proxy.upstream.pool.PoolContext;
import dev.attache.proxy.upstream.pool.StreamWaiter;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.ConnectionFilters;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.upstream.spec.UpstreamFilters;
import dev.attache.proxy.upstream.stats.ClusterStats;
import dev.attache.proxy.worker.FaultLog;
import dev.attache.proxy.worker.Faults;
import dev.attache.proxy.worker.WorkerContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A cluster in use on one worker. Made when the worker first asks for it; its balancer when it
 * first balances, its pools when a host is first used. Loop-confined.
 *
 * <p>Longer than files here should be: balancing, host sets and pools change together.
 */
final class WorkerCluster implements Cluster, PoolContext {

    private static final FaultLog FAULTS = new FaultLog("upstream");

    private SharedCluster shared;
    private final WorkerContext worker;
    private final ClusterStats stats;
    private final CircuitBreaker defaultBreaker;
    private final CircuitBreaker highBreaker;
    private final Dialer dialer;
    private final ClientCodec.Factory codecs;
    private final FilterOpening filterOpening;
    private final ClusterSet siblings;
    private @Nullable OpenUpstreamFilters filters;
    private @Nullable OpenConnectionFilters connectionFilters;
    private final Map<Host, HostPools> pools = new HashMap<>();
    private final StatsStore.Hold statsHold;
    private HostSet hosts;
    private @Nullable LoadBalancer balancer;
    private @Nullable OriginalDstHosts originalDst;
    private @Nullable AggregateHosts aggregate;
    private DnsCaches.@Nullable Lease names;
    private boolean retired;

    WorkerCluster(
            SharedCluster shared,
            WorkerContext worker,
            Dialer dialer,
            ClientCodec.Factory codecs,
            FilterOpening filterOpening,
            ClusterSet siblings) {
        this.shared = shared;
        this.worker = worker;
        this.dialer = dialer;
        dialer.clusterMetadata(shared.spec().metadata());
        this.codecs = codecs;
        this.filterOpening = filterOpening;
        this.siblings = siblings;
        this.statsHold = shared.scope().store().hold(shared.scope().prefix());
        this.stats = new ClusterStats(shared.scope(), worker.index());
        this.defaultBreaker = shared.breakers().breaker(Priority.DEFAULT, worker.index());
        this.highBreaker = shared.breakers().breaker(Priority.HIGH, worker.index());
        this.hosts = shared.delivered();
    }

    SharedCluster shared() {
        return shared;
    }

    @Override
    public ClusterSpec spec() {
        return shared.spec();
    }

    @Override
    public HostSet hosts() {
        return hosts;
    }

    @Override
    public Pick choose(PickContext context) {
        ConnectionInfo downstream = context.downstreamConnection();
        dialer.onBehalfOf(downstream);
        LoadBalancer present = balancer;
        return (present != null ? present : openBalancer()).pick(context);
    }

    @Override
    public boolean explain(PickContext context, Explanation into) {
        into.say("name", spec().name())
                .say("discovery", spec().discovery().getClass().getSimpleName())
                .say("lb_policy", spec().loadBalancer().getClass().getSimpleName());
        LoadBalancer present = balancer;
        return (present != null ? present : openBalancer()).explain(context, into);
    }

    private LoadBalancer openBalancer() {
        LoadBalancer opened;
        if (spec().discovery() instanceof DiscoverySpec.OriginalDst discovery) {
            OriginalDstHosts own = new OriginalDstHosts(this, discovery);
            originalDst = own;
            opened = own;
        } else if (spec().discovery() instanceof DiscoverySpec.Aggregate discovery) {
            AggregateHosts members = new AggregateHosts(this, discovery, siblings);
            aggregate = members;
            opened = members;
        } else if (spec().discovery() instanceof DiscoverySpec.Dynamic discovery) {
            leaveNames();
            DnsCaches.Lease lease = DnsCaches.lease(discovery.cache());
            names = lease;
            opened = new DynamicHosts(this, lease.cache());
            if (retired) {
                // What is still under way does not keep the cache.
                leaveNames();
            }
        } else {
            opened =
                    spec().loadBalancer()
                            .newBalancer(
                                    new BalancerContext(
                                            worker,
                                            spec().balancing(),
                                            shared.environment().locality(),
                                            shared.environment().localHosts(),
                                            shared.tables(),
                                            stats));
        }
        opened.hosts(hosts);
        balancer = opened;
        return opened;
    }

    @Override
    public WorkerCluster of(Host host) {
        AggregateHosts members = aggregate;
        return members == null ? this : members.owner(host);
    }

    @Override
    public Cancellable newStream(
            Host host,
            Priority priority,
            Protocol downstream,
            TransportOptions options,
            long downstreamConnectionId,
            HttpSink response,
            StreamWaiter waiter) {
        return of(host).pools(host)
                .newStream(priority, downstream, options, downstreamConnectionId, response, waiter);
    }

    @Override
    public Cancellable newConnection(
            Host host, Priority priority, TransportOptions options, ConnectionWaiter waiter) {
        return of(host).pools(host).newConnection(priority, options, waiter);
    }

    @Override
    public boolean isSecure(Host host) {
        return of(host).transport(host).secure();
    }

    @Override
    public @Nullable OpenUpstreamFilters filters() {
        OpenUpstreamFilters opened = filters;
        UpstreamFilters configured = shared.spec().http().filters();
        if (opened == null && configured != null) {
            opened = filterOpening.http(configured, stats.scope());
            filters = opened;
            if (retired) {
                opened.retire();
            }
        }
        return opened;
    }

    @Override
    public @Nullable OpenConnectionFilters connectionFilters() {
        OpenConnectionFilters opened = connectionFilters;
        ConnectionFilters configured = shared.spec().filters();
        if (opened == null && configured != null) {
            opened = filterOpening.network(configured, stats.scope());
            connectionFilters = opened;
            if (retired) {
                opened.retire();
            }
        }
        return opened;
    }

    private HostPools pools(Host host) {
        HostPools known = pools.get(host);
        if (known == null) {
            known = new HostPools(this, host, this::onHostPoolsEmpty);
            pools.put(host, known);
            if (retired) {
                known.drainForGood();
            }
        }
        return known;
    }

    private void onHostPoolsEmpty(HostPools empty) {
        pools.remove(empty.host(), empty);
        releaseStatsWhenDone();
    }

    @Override
    public CircuitBreaker breaker(Priority priority) {
        return priority == Priority.DEFAULT ? defaultBreaker : highBreaker;
    }

    @Override
    public ClusterStats stats() {
        return stats;
    }

    @Override
    public WorkerContext worker() {
        return worker;
    }

    @Override
    public ClientTransport transport(Host host) {
        return shared.transport(host);
    }

    @Override
    public Dialer dialer() {
        return dialer;
    }

    @Override
    public ClientCodec.Factory codecs() {
        return codecs;
    }

    /**
     * A new version of the cluster that makes connections as this one does: only the rest changes.
     */
    void continueAs(SharedCluster next) {
        if (originalDst != null) {
            originalDst.stop();
            originalDst = null;
        }
        balancer = null;
        aggregate = null;
        leaveNames();
        shared = next;
        dialer.clusterMetadata(next.spec().metadata());
        hosts(next.delivered());
    }

    /**
     * Adopts an arrangement: removed hosts drain, the balancer starts from the new one. The same
     * one again means that a host has failed.
     */
    void hosts(HostSet next) {
        if (next.version() < hosts.version()) {
            return;
        }
        if (next == hosts) {
            drainFailed();
            return;
        }
        boolean membersChanged = drainRemoved(next);
        drainFailed();
        hosts = next;
        tellBalancer(next);
        if (membersChanged && spec().balancing().closeConnectionsOnHostSetChange()) {
            for (HostPools each : List.copyOf(pools.values())) {
                each.drainConnections();
            }
        }
    }

    /** A balancer that cannot take them is made anew for the next choice. */
    private void tellBalancer(HostSet next) {
        LoadBalancer present = balancer;
        if (present == null) {
            return;
        }
        try {
            present.hosts(next);
        } catch (Throwable e) {
            Faults.contain(e);
            balancer = null;
            FAULTS.error(
                    "load balancer "
                            + present.getClass().getName()
                            + " of cluster '"
                            + spec().name()
                            + "' threw when its hosts changed; it is made anew",
                    e);
        }
    }

    private boolean drainRemoved(HostSet next) {
        Set<Host> staying = new HashSet<>(next.hosts());
        boolean changed = staying.size() != hosts.hosts().size();
        for (Host host : hosts.hosts()) {
            if (!staying.contains(host)) {
                changed = true;
                HostPools leaving = pools.get(host);
                if (leaving != null) {
                    leaving.drainForGood();
                }
            }
        }
        return changed;
    }

    /**
     * Where a check or the outlier detector has given a host up since the last set, what goes to it
     * moves elsewhere.
     */
    private void drainFailed() {
        for (HostPools each : List.copyOf(pools.values())) {
            Host host = each.host();
            boolean failed =
                    host.has(Host.Flag.FAILED_OUTLIER_CHECK)
                            || host.has(Host.Flag.FAILED_ACTIVE_HC);
            if (each.noteFailed(failed)) {
                each.drainConnections();
                if (spec().closeConnectionsOnHostHealthFailure()) {
                    each.closeTcpConnections();
                }
            }
        }
    }

    private void leaveNames() {
        DnsCaches.Lease lease = names;
        if (lease != null) {
            lease.close();
            names = null;
        }
    }

    /** The worker has let the cluster go: everything leaves as it grows idle. */
    void retire() {
        retired = true;
        leaveNames();
        if (originalDst != null) {
            originalDst.stop();
        }
        if (filters != null) {
            filters.retire();
        }
        if (connectionFilters != null) {
            connectionFilters.retire();
        }
        for (HostPools each : new ArrayList<>(pools.values())) {
            each.drainForGood();
        }
        releaseStatsWhenDone();
    }

    /** What is under way still counts where it can be seen. */
    private void releaseStatsWhenDone() {
        if (retired && pools.isEmpty()) {
            statsHold.close();
        }
    }

    /** Connections open or opening, for tests and {@code /clusters}. */
    int connections() {
        int sum = 0;
        for (HostPools each : pools.values()) {
            sum += each.connections();
        }
        return sum;
    }

    int connections(Host host) {
        HostPools own = pools.get(host);
        return own == null ? 0 : own.connections();
    }

    void drop(Host host) {
        HostPools own = pools.get(host);
        if (own != null) {
            own.drainForGood();
        }
    }
}
