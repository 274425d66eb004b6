package dev.attache.proxy.upstream;

import dev.attache.proxy.connection.RedirectGuard;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.upstream.dial.Dialer;
import dev.attache.proxy.upstream.dial.InternalDial;
import dev.attache.proxy.upstream.dial.NettyDialer;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.pool.ClientCodec;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.worker.Faults;
import dev.attache.proxy.worker.WorkerContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clusters of one worker. The engine feeds it with what the main thread publishes; rooms look
 * clusters up. A cluster that nobody asks for costs one map entry. Loop-confined.
 */
public final class ClusterSet implements ClusterLookup {

    private static final Logger LOG = LoggerFactory.getLogger("upstream");

    private final WorkerContext worker;
    private final BiFunction<WorkerContext, ClusterSpec, Dialer> dialers;
    private final BiFunction<WorkerContext, SharedCluster, ClientCodec.Factory> codecs;
    private final FilterOpening filters;
    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<SharedCluster, Entry> implied = new HashMap<>();
    private final List<WorkerCluster> retired = new ArrayList<>();
    private long changes;

    private static final class Entry {
        private final SharedCluster shared;
        private @Nullable WorkerCluster inUse;
        private @Nullable HostSet last;

        Entry(SharedCluster shared) {
            this.shared = shared;
        }
    }

    /** Over real sockets and our codecs, without internal listeners. */
    public ClusterSet(WorkerContext worker, RedirectGuard guard, FilterOpening filters) {
        this(worker, guard, InternalDial.NONE, filters);
    }

    /** Over real sockets, to internal listeners, and with our codecs. */
    public ClusterSet(
            WorkerContext worker,
            RedirectGuard guard,
            InternalDial internal,
            FilterOpening filters) {
        this(
                worker,
                (w, spec) -> new NettyDialer(w, spec.sockets(), guard, internal),
                (w, shared) -> new HttpCodecs(shared, w.index()),
                filters);
    }

    ClusterSet(
            WorkerContext worker,
            BiFunction<WorkerContext, ClusterSpec, Dialer> dialers,
            BiFunction<WorkerContext, SharedCluster, ClientCodec.Factory> codecs,
            FilterOpening filters) {
        this.worker = worker;
        this.dialers = dialers;
        this.codecs = codecs;
        this.filters = filters;
    }

    @Override
    public @Nullable Cluster cluster(String name) {
        return member(name);
    }

    /** Clusters of this worker; that one costs nothing before it is used is not told. */
    private Cell inflated(SharedCluster cluster) {
        String name = "thread_local_cluster_manager.worker_%d.clusters_inflated";
        return cluster.environment()
                .stats()
                .gauge(name.formatted(worker.index()))
                .cell(worker.index());
    }

    /** The cluster of that name, or null; for those that aggregate it. */
    @Nullable WorkerCluster member(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            return null;
        }
        WorkerCluster inUse = entry.inUse;
        return inUse != null ? inUse : open(entry);
    }

    /** Moves whenever a name leads elsewhere or a cluster has other hosts. */
    long changes() {
        return changes;
    }

    private WorkerCluster open(Entry entry) {
        SharedCluster shared = entry.shared;
        WorkerCluster opened =
                new WorkerCluster(
                        shared,
                        worker,
                        dialers.apply(worker, shared.spec()),
                        codecs.apply(worker, shared),
                        filters,
                        this);
        entry.inUse = opened;
        return opened;
    }

    /**
     * Adds a cluster or replaces the one of its name. Where the change is not one of how
     * connections are made, pools of hosts that stay are kept; else they leave as they grow idle.
     */
    public void put(SharedCluster cluster) {
        Entry old = entries.get(cluster.spec().name());
        if (old != null && old.shared == cluster) {
            return;
        }
        changes++;
        UpstreamLog.added(cluster.spec().name(), worker.index());
        Entry next = new Entry(cluster);
        if (old != null && old.inUse != null) {
            if (cluster.continuesPoolsOf(old.shared)) {
                next.inUse = old.inUse;
                old.inUse.continueAs(cluster);
                entries.put(cluster.spec().name(), next);
                return;
            }
            if (!opens(next)) {
                return;
            }
        }
        entries.put(cluster.spec().name(), next);
        if (old == null) {
            inflated(cluster).inc();
        }
        retire(old);
    }

    /** A version that cannot be opened does not take the place of one in use. */
    private boolean opens(Entry next) {
        try {
            open(next);
            return true;
        } catch (Throwable e) {
            Faults.contain(e);
            LOG.error(
                    "cluster '{}' cannot be opened on worker {}, the version in use stays",
                    next.shared.spec().name(),
                    worker.index(),
                    e);
            return false;
        }
    }

    /** The name leads nowhere from now on; what is under way goes on. */
    public void remove(String name) {
        changes++;
        UpstreamLog.removed(name, worker.index());
        Entry old = entries.remove(name);
        if (old != null) {
            inflated(old.shared).dec();
        }
        retire(old);
    }

    /** A cluster that no name leads to: for who holds it, until he lets it go. */
    public Cluster hold(SharedCluster cluster) {
        Entry entry = implied.computeIfAbsent(cluster, Entry::new);
        WorkerCluster inUse = entry.inUse;
        return inUse != null ? inUse : open(entry);
    }

    /** Ends {@link #hold}; what is under way goes on. */
    public void letGo(SharedCluster cluster) {
        retire(implied.remove(cluster));
    }

    /** Adds what is new of {@code all} and replaces what changed; the others stay. */
    public void add(Map<String, SharedCluster> all) {
        all.values().forEach(this::put);
    }

    /** Removes all clusters but these. */
    public void retain(Set<String> names) {
        for (String name : List.copyOf(entries.keySet())) {
            if (!names.contains(name)) {
                remove(name);
            }
        }
    }

    /** Makes the set exactly these. */
    public void adopt(Map<String, SharedCluster> all) {
        add(all);
        retain(all.keySet());
    }

    /** A new arrangement of a cluster's hosts; ignored where that version is not adopted. */
    public void hosts(SharedCluster cluster, HostSet hosts) {
        Entry entry = entries.get(cluster.spec().name());
        if (entry == null || entry.last != hosts) {
            UpstreamLog.hosts(cluster.spec().name(), worker.index(), hosts);
        }
        if (entry == null || entry.shared != cluster) {
            return;
        }
        changes++;
        entry.last = hosts;
        if (entry.inUse != null) {
            entry.inUse.hosts(hosts);
        }
    }

    /** The same of one that is held. */
    public void heldHosts(SharedCluster cluster, HostSet hosts) {
        Entry entry = implied.get(cluster);
        if (entry != null && entry.inUse != null) {
            entry.inUse.hosts(hosts);
        }
    }

    public Set<String> names() {
        return Set.copyOf(entries.keySet());
    }

    /** Every connection leaves as it grows idle; the worker is going down. */
    public void drain() {
        adopt(Map.of());
        List.copyOf(implied.keySet()).forEach(this::letGo);
    }

    /** Upstream connections open or opening, those of replaced and removed clusters included. */
    public int connections() {
        int sum = 0;
        for (Entry entry : entries.values()) {
            sum += entry.inUse == null ? 0 : entry.inUse.connections();
        }
        for (Entry entry : implied.values()) {
            sum += entry.inUse == null ? 0 : entry.inUse.connections();
        }
        for (Iterator<WorkerCluster> each = retired.iterator(); each.hasNext(); ) {
            int left = each.next().connections();
            sum += left;
            if (left == 0) {
                each.remove();
            }
        }
        return sum;
    }

    private void retire(@Nullable Entry old) {
        retired.removeIf(each -> each.connections() == 0);
        if (old != null && old.inUse != null) {
            old.inUse.retire();
            if (old.inUse.connections() > 0) {
                retired.add(old.inUse);
            }
        }
    }
}
