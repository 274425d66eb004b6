package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.LocalityHosts;
import dev.attache.proxy.upstream.host.PriorityHosts;
import dev.attache.proxy.worker.WorkerContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Zone-aware routing of priority 0: keep requests in the proxy's own locality as far as the share
 * of upstream hosts there allows, spread the rest over localities with capacity to spare.
 * Arithmetic in units of 1/10000, Envoy's. Made per host set, immutable but for its counters.
 */
final class ZoneRouting {

    private final BalancerStats stats;
    private final PriorityHosts local;
    private final boolean direct;
    private final long localShare;
    private final long[] residual;

    private ZoneRouting(
            BalancerStats stats,
            PriorityHosts local,
            boolean direct,
            long localShare,
            long[] residual) {
        this.stats = stats;
        this.local = local;
        this.direct = direct;
        this.localShare = localShare;
        this.residual = residual;
    }

    /** Null where zones do not count for this set. */
    static @Nullable ZoneRouting of(HostSet upstream, HostSet localHosts, BalancerContext context) {
        if (localHosts.priorities().isEmpty() || upstream.priorities().isEmpty()) {
            return null;
        }
        context.stats().inc(BalancerStats.Stat.LB_RECALCULATE_ZONE_STRUCTURES);
        PriorityHosts level = upstream.priorities().getFirst();
        PriorityHosts local = localHosts.priorities().getFirst();
        return applies(level, local, context) ? compute(level, local, context) : null;
    }

    private static boolean applies(
            PriorityHosts level, PriorityHosts local, BalancerContext context) {
        LoadBalancingSettings settings = context.settings();
        if (level.localities().size() < 2
                || (local.localities().size() < 2 && !settings.forceLocalZone())) {
            return false;
        }
        LocalityHosts own = local.localities().getFirst();
        if (!own.locality().equals(context.locality()) || own.hosts().isEmpty()) {
            context.stats().inc(BalancerStats.Stat.LB_LOCAL_CLUSTER_NOT_OK);
            return false;
        }
        if (level.healthy().size() < settings.zoneMinClusterSize()) {
            context.stats().inc(BalancerStats.Stat.LB_ZONE_CLUSTER_TOO_SMALL);
            return false;
        }
        return true;
    }

    private static ZoneRouting compute(
            PriorityHosts level, PriorityHosts local, BalancerContext context) {
        List<LocalityHosts> localities = level.localities();
        int count = localities.size();
        long[] upstreamShare = new long[count];
        long[] localShare = new long[count];
        for (int i = 0; i < count; i++) {
            long healthy = localities.get(i).healthy().size();
            if (healthy > 0) {
                upstreamShare[i] = 10_000 * healthy / level.healthy().size();
                localShare[i] = share(local, localities.get(i).locality());
            }
        }
        boolean hasOwn = localities.getFirst().locality().equals(context.locality());
        boolean direct =
                hasOwn
                        && ((upstreamShare[0] > 0 && upstreamShare[0] >= localShare[0])
                                || context.settings().forceLocalZone());
        long toRoute = hasOwn && localShare[0] > 0 ? upstreamShare[0] * 10_000 / localShare[0] : 0;
        long[] residual = new long[count];
        long sum = 0;
        for (int i = 0; i < count; i++) {
            if (!(i == 0 && hasOwn)) {
                sum += Math.max(0, upstreamShare[i] - localShare[i]);
            }
            residual[i] = sum;
        }
        return new ZoneRouting(context.stats(), local, direct, toRoute, residual);
    }

    private static long share(PriorityHosts local, Locality locality) {
        for (LocalityHosts group : local.localities()) {
            if (group.locality().equals(locality)) {
                return local.healthy().isEmpty()
                        ? 0
                        : 10_000L * group.healthy().size() / local.healthy().size();
            }
        }
        return 0;
    }

    /** The proxies' own cluster, whose panic switches zones off for the moment. */
    PriorityHosts local() {
        return local;
    }

    /** Which localities {@link #choose} may answer with. */
    List<Integer> possible() {
        if (direct) {
            return List.of(0);
        }
        List<Integer> possible = new ArrayList<>();
        boolean full = residual[residual.length - 1] == 0;
        for (int i = 0; i < residual.length; i++) {
            long before = i == 0 ? 0 : residual[i - 1];
            boolean spare = localShare < 10_000 && (full || residual[i] > before);
            if (spare || (i == 0 && localShare > 0)) {
                possible.add(i);
            }
        }
        return possible;
    }

    /** In words, how a locality comes to its requests. */
    String share(int locality) {
        if (direct) {
            return "all requests stay in the own locality";
        }
        return locality == 0 && localShare > 0
                ? localShare / 100.0 + " % of requests stay in the own locality"
                : "a share of the rest, by what it has to spare";
    }

    /** Which locality this request goes to. */
    int choose(WorkerContext worker) {
        if (direct) {
            stats.inc(BalancerStats.Stat.LB_ZONE_ROUTING_ALL_DIRECTLY);
            return 0;
        }
        if (Long.remainderUnsigned(worker.random(), 10_000) < localShare) {
            stats.inc(BalancerStats.Stat.LB_ZONE_ROUTING_SAMPLED);
            return 0;
        }
        stats.inc(BalancerStats.Stat.LB_ZONE_ROUTING_CROSS_ZONE);
        long capacity = residual[residual.length - 1];
        if (capacity == 0) {
            stats.inc(BalancerStats.Stat.LB_ZONE_NO_CAPACITY_LEFT);
            return (int) Long.remainderUnsigned(worker.random(), residual.length);
        }
        long mark = Long.remainderUnsigned(worker.random(), capacity);
        int i = 0;
        while (mark >= residual[i]) {
            i++;
        }
        return i;
    }
}
