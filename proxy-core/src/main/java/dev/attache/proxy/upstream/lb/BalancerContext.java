package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.lb.hash.SharedTables;
import dev.attache.proxy.worker.WorkerContext;
import java.util.function.Supplier;

/**
 * What a balancer is made with.
 *
 * @param worker whose it is
 * @param settings {@code common_lb_config} of its cluster
 * @param locality the node's own
 * @param localHosts the hosts of {@code cluster_manager.local_cluster_name} as they are now, for
 *     zone-aware routing; {@link HostSet#EMPTY} where there is none
 * @param tables where policies that compile host sets keep the result for all workers
 * @param stats told about what the balancer did
 */
public record BalancerContext(
        WorkerContext worker,
        LoadBalancingSettings settings,
        Locality locality,
        Supplier<HostSet> localHosts,
        SharedTables tables,
        BalancerStats stats) {}
