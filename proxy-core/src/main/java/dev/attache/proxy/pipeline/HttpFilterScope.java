package dev.attache.proxy.pipeline;

import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.ClusterLookup;
import dev.attache.proxy.worker.WorkerContext;

/**
 * What an HTTP filter finds around it on one worker.
 *
 * @param overload what overload asks of the listener's streams
 * @param stats {@code http.<stat_prefix>.}
 * @param clusters of this worker
 * @param calls to clusters that outlive the stream for which they are made; those that end with it
 *     are made by {@link FilterContext#calls()}
 * @param nodeCluster {@code --service-cluster}, as the router's x-envoy-downstream-service-cluster
 *     needs it
 * @param nodeZone {@code --service-zone}
 */
public record HttpFilterScope(
        WorkerContext worker,
        WorkerOverload overload,
        Scope stats,
        ClusterLookup clusters,
        ScopedCalls calls,
        String nodeCluster,
        String nodeZone) {}
