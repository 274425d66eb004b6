package dev.attache.filters.http.health_check;

import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.ClusterLookup;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.PriorityHosts;
import java.util.List;

/**
 * How much of a cluster is to be healthy. Immutable.
 *
 * @param percent of its hosts that are healthy or degraded, whole; at 0 it may have none
 */
record ClusterMinimum(String cluster, long percent) {

    /** What comes of all minima: that of the first that is not met. */
    static HealthVerdict of(List<ClusterMinimum> minima, ClusterLookup clusters) {
        for (int i = 0; i < minima.size(); i++) {
            HealthVerdict verdict = minima.get(i).verdict(clusters);
            if (verdict != HealthVerdict.CLUSTERS_HEALTHY) {
                return verdict;
            }
        }
        return HealthVerdict.CLUSTERS_HEALTHY;
    }

    private HealthVerdict verdict(ClusterLookup clusters) {
        Cluster found = clusters.cluster(cluster);
        if (found == null) {
            return HealthVerdict.CLUSTER_NOT_FOUND;
        }
        HostSet hosts = found.hosts();
        long all = hosts.size();
        if (all == 0) {
            return percent == 0 ? HealthVerdict.CLUSTERS_HEALTHY : HealthVerdict.CLUSTER_EMPTY;
        }
        return 100 * usable(hosts) < all * percent
                ? HealthVerdict.CLUSTER_UNHEALTHY
                : HealthVerdict.CLUSTERS_HEALTHY;
    }

    private static long usable(HostSet hosts) {
        long usable = 0;
        List<PriorityHosts> levels = hosts.priorities();
        for (int i = 0; i < levels.size(); i++) {
            PriorityHosts level = levels.get(i);
            usable += level.healthy().size() + level.degraded().size();
        }
        return usable;
    }
}
