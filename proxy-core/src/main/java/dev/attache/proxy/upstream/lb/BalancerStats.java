package dev.attache.proxy.upstream.lb;

/** Where a balancer counts; implemented over Envoy's {@code lb_*} counters of the cluster. */
public interface BalancerStats {

    /** Counts nothing. */
    BalancerStats NONE = stat -> {};

    /** Envoy's counters. */
    enum Stat {
        LB_HEALTHY_PANIC,
        LB_LOCAL_CLUSTER_NOT_OK,
        LB_RECALCULATE_ZONE_STRUCTURES,
        LB_SUBSETS_FALLBACK,
        LB_SUBSETS_FALLBACK_PANIC,
        LB_SUBSETS_SELECTED,
        LB_ZONE_CLUSTER_TOO_SMALL,
        LB_ZONE_NO_CAPACITY_LEFT,
        LB_ZONE_ROUTING_ALL_DIRECTLY,
        LB_ZONE_ROUTING_CROSS_ZONE,
        LB_ZONE_ROUTING_SAMPLED
    }

    void inc(Stat stat);
}
