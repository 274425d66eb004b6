package dev.attache.proxy.network;

import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.ClusterLookup;
import dev.attache.proxy.worker.WorkerContext;

/**
 * What a network filter on a cluster's connections finds around it on one worker.
 *
 * @param stats {@code cluster.<name>.}
 * @param clusters of this worker
 * @param calls to those clusters, as {@link NetworkFilterContext#calls()}
 */
public record UpstreamNetworkFilterScope(
        WorkerContext worker, Scope stats, ClusterLookup clusters, ScopedCalls calls) {}
