package dev.attache.proxy.network;

import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.ClusterLookup;
import dev.attache.proxy.worker.WorkerContext;

/**
 * What a network filter on a cluster's connections finds around it on one worker.
 *
 * @param stats {@code cluster.<name>.}
 * @param clusters of this worker
 */
public record UpstreamNetworkFilterScope(
        WorkerContext worker, Scope stats, ClusterLookup clusters, UpstreamCalls calls) {}
