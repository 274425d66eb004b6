package dev.attache.proxy.upstream;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.Pick;
import dev.attache.proxy.upstream.host.PriorityHosts;
import dev.attache.proxy.upstream.lb.LoadBalancer;
import dev.attache.proxy.upstream.lb.PickContext;
import dev.attache.proxy.upstream.lb.PriorityLoads;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The balancer of an aggregate cluster: the levels of its members, one member after another, are
 * its own levels. It picks one of them, the member picks a host there, and what goes to that host
 * is carried by the member. Levels without hosts do not count, nor do names that lead nowhere.
 * Members are looked at when a pick finds that something has changed among the worker's clusters.
 * Loop-confined.
 *
 * <p>An aggregate cluster has no hosts of its own: as a member of another it is an empty one.
 */
final class AggregateHosts implements LoadBalancer {

    private final WorkerCluster cluster;
    private final ClusterSet clusters;
    private final List<String> names;
    private final @Nullable WorkerCluster[] members;
    private final @Nullable HostSet[] memberHosts;
    private final List<Level> levels = new ArrayList<>();
    private final Map<Host, WorkerCluster> owners = new IdentityHashMap<>();
    private final ToIntFunction<Host> levelOf = this::levelOf;
    private final MemberPick inMember = new MemberPick();
    private @Nullable PriorityLoads loads;
    private int[] editedHealthy = new int[0];
    private int[] editedDegraded = new int[0];
    private long seen = -1;

    /** A level of a member. */
    private record Level(WorkerCluster member, PriorityHosts hosts) {}

    /**
     * @param cluster the aggregate
     * @param clusters of its worker, among them the members
     */
    AggregateHosts(WorkerCluster cluster, DiscoverySpec.Aggregate spec, ClusterSet clusters) {
        this.cluster = cluster;
        this.clusters = clusters;
        this.names = spec.clusters();
        this.members = new @Nullable WorkerCluster[names.size()];
        this.memberHosts = new @Nullable HostSet[names.size()];
    }

    @Override
    public void hosts(HostSet next) {
        // It has none of its own.
    }

    /**
     * The member that a host was picked from.
     *
     * @throws IllegalStateException if it was not picked here since members changed
     */
    WorkerCluster owner(Host host) {
        WorkerCluster owner = owners.get(host);
        if (owner == null) {
            throw new IllegalStateException(host + " was not picked here");
        }
        return owner;
    }

    @Override
    public Pick pick(PickContext request) {
        if (seen != clusters.changes()) {
            look();
        }
        PriorityLoads now = loads;
        // Hosts that filters ask for are looked for among its own, of which there are none.
        boolean unknown = request.overrideHost() != null && request.overrideHostStrict();
        if (now == null || unknown) {
            return Pick.None.NO_HEALTHY_UPSTREAM;
        }
        int chosen = choose(request, now);
        Level level = levels.get(chosen < 0 ? -1 - chosen : chosen);
        Pick pick = inMember.pick(level, chosen < 0, request);
        if (pick instanceof Host host) {
            owners.put(host, level.member());
        }
        return pick;
    }

    @Override
    public boolean explain(PickContext request, Explanation into) {
        if (seen != clusters.changes()) {
            look();
        }
        PriorityLoads now = loads;
        if (now == null || (request.overrideHost() != null && request.overrideHostStrict())) {
            return false;
        }
        boolean any = false;
        for (int i = 0; i < levels.size(); i++) {
            Level level = levels.get(i);
            boolean degraded = now.healthy[i] == 0 && now.degraded[i] > 0;
            Explanation said =
                    into.item("aggregated")
                            .say("cluster", level.member().spec().name())
                            .say("priority", level.hosts().priority())
                            .say("load_percent", now.healthy[i])
                            .say("degraded_load_percent", now.degraded[i]);
            if (now.healthy[i] > 0 || degraded) {
                any |= inMember.explain(level, degraded, request, said);
            }
        }
        return any;
    }

    private int choose(PickContext request, PriorityLoads now) {
        System.arraycopy(now.healthy, 0, editedHealthy, 0, editedHealthy.length);
        System.arraycopy(now.degraded, 0, editedDegraded, 0, editedDegraded.length);
        request.adjustPriorityLoad(
                editedHealthy, editedDegraded, now.health, now.degradedHealth, levelOf);
        return PriorityLoads.choose(cluster.worker().random(), editedHealthy, editedDegraded);
    }

    /** Takes the levels as they are now, if they are others than before. */
    private void look() {
        boolean changed = seen == -1;
        for (int i = 0; i < members.length; i++) {
            WorkerCluster member = clusters.member(names.get(i));
            HostSet hosts = member == null ? null : member.hosts();
            changed |= members[i] != member || memberHosts[i] != hosts;
            members[i] = member;
            memberHosts[i] = hosts;
        }
        seen = clusters.changes();
        if (changed) {
            arrange();
        }
    }

    private void arrange() {
        levels.clear();
        owners.clear();
        List<PriorityHosts> arranged = new ArrayList<>();
        for (int i = 0; i < members.length; i++) {
            WorkerCluster member = members[i];
            HostSet hosts = memberHosts[i];
            if (member == null || hosts == null) {
                continue;
            }
            for (PriorityHosts level : hosts.priorities()) {
                if (!level.hosts().isEmpty()) {
                    levels.add(new Level(member, level));
                    arranged.add(level);
                }
            }
        }
        editedHealthy = new int[arranged.size()];
        editedDegraded = new int[arranged.size()];
        loads =
                arranged.isEmpty()
                        ? null
                        : PriorityLoads.of(
                                new HostSet(0, arranged, List.of()),
                                cluster.spec().balancing().healthyPanicThreshold());
    }

    /** Where a host stands among the levels, -1 = nowhere any more. */
    private int levelOf(Host host) {
        for (int i = 0; i < levels.size(); i++) {
            PriorityHosts hosts = levels.get(i).hosts();
            if (hosts.priority() == host.priority() && hosts.hosts().contains(host)) {
                return i;
            }
        }
        return -1;
    }

    /** A request on its way through the balancer of a member, which is told the level. */
    private static final class MemberPick implements PickContext {
        private PickContext request = PickContext.NONE;
        private int priority;
        private boolean degraded;

        Pick pick(Level level, boolean ofDegraded, PickContext forRequest) {
            request = forRequest;
            priority = level.hosts().priority();
            degraded = ofDegraded;
            try {
                return level.member().choose(this);
            } finally {
                request = PickContext.NONE;
            }
        }

        boolean explain(Level level, boolean ofDegraded, PickContext forRequest, Explanation into) {
            request = forRequest;
            priority = level.hosts().priority();
            degraded = ofDegraded;
            try {
                return level.member().explain(this, into);
            } finally {
                request = PickContext.NONE;
            }
        }

        @Override
        public boolean adjustPriorityLoad(
                int[] healthyLoads,
                int[] degradedLoads,
                int[] health,
                int[] degradedHealth,
                ToIntFunction<Host> levels) {
            Arrays.fill(healthyLoads, 0);
            Arrays.fill(degradedLoads, 0);
            (degraded ? degradedLoads : healthyLoads)[priority] = 100;
            return true;
        }

        @Override
        public boolean hasHash() {
            return request.hasHash();
        }

        @Override
        public long hash() {
            return request.hash();
        }

        @Override
        public MetadataValue.@Nullable Struct metadataMatch() {
            return request.metadataMatch();
        }

        @Override
        public @Nullable ConnectionInfo downstreamConnection() {
            return request.downstreamConnection();
        }

        @Override
        public @Nullable Headers downstreamHeaders() {
            return request.downstreamHeaders();
        }

        @Override
        public Metadata dynamicMetadata() {
            return request.dynamicMetadata();
        }

        @Override
        public void tell(String namespace, MetadataValue.Struct fields) {
            request.tell(namespace, fields);
        }

        @Override
        public @Nullable FilterState filterState() {
            return request.filterState();
        }

        @Override
        public boolean shouldSkip(Host host) {
            return request.shouldSkip(host);
        }

        @Override
        public int hostSelectionRetries() {
            return request.hostSelectionRetries();
        }
    }
}
