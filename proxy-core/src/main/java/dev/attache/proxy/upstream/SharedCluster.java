package dev.attache.proxy.upstream;

import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.upstream.discovery.DiscoveredCluster;
import dev.attache.proxy.upstream.discovery.Membership;
import dev.attache.proxy.upstream.discovery.NameResolver;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.HostSetAssembly;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.PriorityHosts;
import dev.attache.proxy.upstream.lb.LoadBalancerSpec;
import dev.attache.proxy.upstream.lb.MaglevSpec;
import dev.attache.proxy.upstream.lb.RingHashSpec;
import dev.attache.proxy.upstream.lb.hash.SharedTables;
import dev.attache.proxy.upstream.lb.subset.SubsetSpec;
import dev.attache.proxy.upstream.outlier.OutlierDetector;
import dev.attache.proxy.upstream.pool.BreakerCounts;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.upstream.spec.OutlierSpec;
import dev.attache.proxy.upstream.spec.TransportSelection;
import dev.attache.proxy.upstream.stats.ClusterStatNames;
import dev.attache.proxy.worker.Faults;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the process has once per cluster, whatever the number of workers: membership, opened
 * transport sockets, breaker counts. Made, fed and closed on the main thread, which also decides
 * when workers adopt it; {@link #hosts()}, {@link #breakers()} and {@link #transport} may be used
 * from any thread.
 *
 * <p>Life: {@link #open} starts discovery; once {@link #warm()} the engine hands it to every {@link
 * ClusterSet}; {@link #close()} after the last worker has let it go.
 *
 * <p>Longer than files here should be: each part of a cluster that the process has once is made,
 * fed and closed here, in one order.
 */
public final class SharedCluster {

    private static final Logger LOG = LoggerFactory.getLogger("upstream");

    private final ClusterSpec spec;
    private final ClusterEnvironment environment;
    private final Scope scope;
    private final StatsStore.Hold hold;
    private final ClusterTransports transports;
    private final @Nullable OutlierDetector outliers;
    private final @Nullable ActiveChecks checks;
    private final Membership membership;
    private final List<Runnable> onWarm = new ArrayList<>();
    private final Set<Host> dynamicHosts = new CopyOnWriteArraySet<>();
    private volatile HostSet hosts;
    private final LazyBreakers breakers;
    private final SharedTables tables;
    private final UpdateMerging merging;
    private boolean warm;
    private boolean closed;
    private long version;

    private SharedCluster(
            ClusterSpec spec,
            ClusterEnvironment environment,
            StatsStore.Hold hold,
            @Nullable SharedCluster previous) {
        this.spec = spec;
        this.environment = environment;
        this.hold = hold;
        this.scope = environment.stats().scope(spec.statRoot() + ".");
        this.tables = new SharedTables(scope, environment.workers());
        declareNames();
        this.hosts = HostSet.EMPTY;
        this.merging =
                new UpdateMerging(
                        environment,
                        spec.balancing().updateMergeWindowMillis(),
                        this::nextVersion,
                        this::tellWorkers);
        this.transports = new ClusterTransports(spec.transports(), scope);
        HostSet inherited = inherited(previous);
        if (previous != null) {
            this.version = previous.version;
        }
        // What goes on counts on: connections that stay give back to where they took from.
        this.breakers =
                previous != null && continuesPoolsOf(previous)
                        ? previous.breakers
                        : new LazyBreakers(() ->
                                new BreakerCounts(
                                        spec.circuitBreakers(), scope, environment.workers()));
        if (spec.circuitBreakers().tracksRemaining()) {
            breakers.get();
        }
        OutlierSpec outlierSpec = spec.outlier();
        this.outliers = outlierSpec == null ? null : detector(outlierSpec);
        if (outlierSpec == null) {
            // Nobody would ever let an ejected host return.
            for (Host host : inherited.hosts()) {
                host.set(Host.Flag.FAILED_OUTLIER_CHECK, false);
                host.set(Host.Flag.DEGRADED_OUTLIER_DETECTION, false);
            }
        }
        this.checks = spec.healthChecks().isEmpty() ? null : new ActiveChecks(this, new Verdicts());
        this.membership = Membership.of(new Discovered(), inherited);
    }

    private void declareNames() {
        scope.declare(ClusterStatNames.CLUSTER);
        LoadBalancerSpec policy = spec.loadBalancer();
        LoadBalancerSpec picking = policy instanceof SubsetSpec subsets ? subsets.child() : policy;
        if (picking instanceof RingHashSpec) {
            scope.scope("ring_hash_lb.").declare(ClusterStatNames.RING_HASH);
        } else if (picking instanceof MaglevSpec) {
            scope.scope("maglev_lb.").declare(ClusterStatNames.MAGLEV);
        }
    }

    /** What others say of a host's health is worth nothing to those who ask it otherwise. */
    private HostSet inherited(@Nullable SharedCluster previous) {
        return previous != null && spec.healthChecks().equals(previous.spec.healthChecks())
                ? previous.hosts()
                : HostSet.EMPTY;
    }

    /** What active checks bring about. */
    private final class Verdicts implements ActiveChecks.Effects {
        @Override
        public void healthChanged() {
            SharedCluster.this.healthChanged();
        }

        @Override
        public void leave() {
            membership.dropFailed();
        }

        @Override
        public void passed(Host host) {
            if (outliers != null) {
                outliers.onPassedCheck(host);
            }
        }
    }

    /** What its membership sees of it, and tells it. */
    private final class Discovered implements DiscoveredCluster {
        @Override
        public ClusterSpec spec() {
            return spec;
        }

        @Override
        public Scope scope() {
            return scope;
        }

        @Override
        public EventLoop main() {
            return environment.main();
        }

        @Override
        public NameResolver names() {
            return environment.names();
        }

        @Override
        public Locality locality() {
            return environment.locality();
        }

        @Override
        public HostSetAssembly.FirstCheck firstCheck(boolean discovered) {
            if (checks == null) {
                return HostSetAssembly.FirstCheck.UNCHECKED;
            }
            return discovered && spec.balancing().ignoreNewHostsUntilFirstHc()
                    ? HostSetAssembly.FirstCheck.FAILED_EXCLUDED
                    : HostSetAssembly.FirstCheck.FAILED;
        }

        @Override
        public boolean keepsHealthy() {
            return checks != null && !spec.ignoreHealthOnHostRemoval();
        }

        @Override
        public long nextVersion() {
            return SharedCluster.this.nextVersion();
        }

        @Override
        public void onMembers(HostSet next) {
            onMembersWhileWarming(next);
            initialized();
        }

        @Override
        public void onMembersWhileWarming(HostSet next) {
            int changes = changedPriorities(hosts, next);
            if (changes > 0) {
                scope.counter("membership_change").add(changes);
                if (!namesHostsAgain()) {
                    transports.countNew(hosts, next);
                }
            }
            SharedCluster.this.publish(next, false);
        }

        @Override
        public void named(EndpointSpec endpoint) {
            transports.countNamed(endpoint);
        }

        @Override
        public void initialized() {
            SharedCluster.this.initialized();
        }
    }

    private OutlierDetector detector(OutlierSpec outlierSpec) {
        return new OutlierDetector(
                outlierSpec,
                environment.main(),
                environment.workers(),
                scope,
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                this::healthChanged);
    }

    /** Nothing differs that a connection or a breaker could tell. */
    boolean continuesPoolsOf(SharedCluster previous) {
        ClusterSpec old = previous.spec;
        return spec.statRoot().equals(old.statRoot())
                && spec.transports().equals(old.transports())
                && spec.http().equals(old.http())
                && Objects.equals(spec.filters(), old.filters())
                && spec.sockets().equals(old.sockets())
                && spec.circuitBreakers().equals(old.circuitBreakers())
                && spec.bufferLimitBytes() == old.bufferLimitBytes()
                && spec.bufferWatermarkTimeoutMillis() == old.bufferWatermarkTimeoutMillis()
                && spec.connectionPoolPerDownstream() == old.connectionPoolPerDownstream();
    }

    /**
     * Opens a cluster and begins to look for its hosts.
     *
     * @param previous the version that serves now: hosts that stay keep their identity, and with it
     *     numbers, health and pools
     */
    public static SharedCluster open(
            ClusterSpec spec, ClusterEnvironment environment, @Nullable SharedCluster previous) {
        StatsStore.Hold hold = environment.stats().hold(spec.statRoot() + ".", spec.wantedStats());
        boolean opened = false;
        try {
            SharedCluster cluster = new SharedCluster(spec, environment, hold, previous);
            cluster.membership.start();
            opened = true;
            return cluster;
        } finally {
            if (!opened) {
                hold.close();
            }
        }
    }

    public ClusterSpec spec() {
        return spec;
    }

    public ClusterEnvironment environment() {
        return environment;
    }

    /** {@code cluster.<altStatName>.}. */
    public Scope scope() {
        return scope;
    }

    /** The latest arrangement, which workers may not all have adopted yet. */
    public HostSet hosts() {
        return hosts;
    }

    /** The arrangement that workers are told of, see {@link UpdateMerging}. Any thread. */
    HostSet delivered() {
        return merging.delivered();
    }

    /** ORIGINAL_DST: hosts that workers made themselves, for {@code /clusters}. Any thread. */
    public Set<Host> dynamicHosts() {
        return dynamicHosts;
    }

    SharedTables tables() {
        return tables;
    }

    /** Hosts are known, or it is known that there are none. */
    public boolean warm() {
        return warm;
    }

    /** Main thread: runs {@code action} once the cluster is warm, at once if it is. */
    public void whenWarm(Runnable action) {
        if (warm) {
            action.run();
        } else {
            onWarm.add(action);
        }
    }

    /** Main thread, EDS clusters: what the control plane says. */
    public void assign(LoadAssignment assignment) {
        if (!closed) {
            membership.assign(assignment);
        }
    }

    /**
     * Main thread: warms without an answer, because {@code initial_fetch_timeout} passed or the
     * cluster is not to be waited for.
     */
    public void giveUpWaiting() {
        initialized();
    }

    /**
     * Made on first use; shared by all workers, and by versions that continue each other's pools.
     */
    public BreakerCounts breakers() {
        return breakers.get();
    }

    /** Breaker counts that a cluster without traffic does not have. */
    private static final class LazyBreakers {
        private final Supplier<BreakerCounts> maker;
        private volatile @Nullable BreakerCounts made;

        LazyBreakers(Supplier<BreakerCounts> maker) {
            this.maker = maker;
        }

        BreakerCounts get() {
            BreakerCounts known = made;
            return known != null ? known : make();
        }

        private synchronized BreakerCounts make() {
            BreakerCounts known = made;
            if (known == null) {
                known = maker.get();
                made = known;
            }
            return known;
        }
    }

    /** The transport socket for {@code host} by {@code transport_socket_matches}. */
    public ClientTransport transport(Host host) {
        return transports.of(host);
    }

    /** The transport socket by {@code transport_socket_matches} for what {@code labels} say. */
    ClientTransport transport(TransportSelection.Labels labels) {
        return transports.of(labels);
    }

    /** Main thread: host health changed outside of discovery; views are computed again. */
    public void healthChanged() {
        if (!closed) {
            publish(hosts.withCurrentHealth(++version), true);
        }
    }

    /** Main thread: no more discovery, no more new connections through its transports. */
    public void close() {
        if (!closed) {
            closed = true;
            membership.stop();
            merging.close();
            spec.loadBalancer().retire(tables);
            if (checks != null) {
                checks.close();
            }
            if (outliers != null) {
                outliers.close();
            }
            transports.close();
            hold.close();
        }
    }

    /** Main thread: what watches its hosts, if anything does. */
    public @Nullable OutlierDetector outliers() {
        return outliers;
    }

    private long nextVersion() {
        return ++version;
    }

    /** Whether the membership says so itself whenever it {@linkplain #named names} a host. */
    private boolean namesHostsAgain() {
        return spec.discovery() instanceof DiscoverySpec.Eds
                || spec.discovery() instanceof DiscoverySpec.StrictDns;
    }

    /** Each priority whose members differ is a change of its own. */
    private static int changedPriorities(HostSet before, HostSet after) {
        int changes = 0;
        int levels = Math.max(before.priorities().size(), after.priorities().size());
        for (int i = 0; i < levels; i++) {
            if (!members(before, i).equals(members(after, i))) {
                changes++;
            }
        }
        return changes;
    }

    private static Set<Host> members(HostSet hosts, int priority) {
        return priority < hosts.priorities().size()
                ? new HashSet<>(hosts.priorities().get(priority).hosts())
                : Set.of();
    }

    /** The first look of the membership is over. */
    private void initialized() {
        if (checks == null) {
            becomeWarm();
        } else {
            checks.afterFirstRound(this::becomeWarm);
        }
    }

    private void becomeWarm() {
        if (!warm) {
            warm = true;
            for (Runnable action : onWarm) {
                action.run();
            }
            onWarm.clear();
        }
    }

    private void publish(HostSet next, boolean checked) {
        hosts = next;
        if (outliers != null) {
            outliers.hosts(next);
        }
        int total = 0;
        int healthy = 0;
        int degraded = 0;
        int excluded = 0;
        int heaviest = 0;
        for (PriorityHosts level : next.priorities()) {
            total += level.hosts().size();
            healthy += level.healthy().size();
            degraded += level.degraded().size();
            excluded += level.excluded();
            for (Host host : level.hosts()) {
                heaviest = Math.max(heaviest, host.weight());
            }
        }
        scope.gauge("membership_total").set(total);
        scope.gauge("membership_healthy").set(healthy);
        scope.gauge("membership_degraded").set(degraded);
        scope.gauge("membership_excluded").set(excluded);
        if (namesHostsAgain()) {
            scope.gauge("max_host_weight").set(heaviest);
        }
        if (warm) {
            merging.update(next, checked);
        } else {
            merging.begin(next);
        }
        if (checks != null) {
            checks.hosts(next);
        }
    }

    private void tellWorkers(HostSet delivered) {
        try {
            spec.loadBalancer().prepare(delivered, spec.balancing(), tables);
        } catch (Throwable e) {
            // Workers compile for themselves what they do not find.
            Faults.contain(e);
            LOG.error("load balancer of cluster '{}' threw in prepare", spec.name(), e);
        }
        environment.publisher().publish(this, delivered);
    }
}
