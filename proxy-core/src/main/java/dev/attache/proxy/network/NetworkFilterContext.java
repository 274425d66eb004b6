package dev.attache.proxy.network;

import dev.attache.proxy.accesslog.AccessLogScope;
import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.explain.Explaining;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.ClusterLookup;
import dev.attache.proxy.worker.WorkerContext;
import org.jspecify.annotations.Nullable;

/**
 * What a network filter finds around it: its worker, its listener, the stats. Owned by the
 * listener's share on one worker; loop-confined.
 */
public interface NetworkFilterContext extends AccessLogScope {

    @Override
    WorkerContext worker();

    /** The clusters of this worker. */
    ClusterLookup clusters();

    /**
     * Calls to those clusters. A filter makes them {@link ScopedCalls#within within} a scope of its
     * own, so that what its listeners throw costs its connection, and cancels them when that
     * closes.
     */
    @Override
    ScopedCalls calls();

    /** The route table of that name in this worker's snapshot, or null while there is none. */
    @Nullable RouteTable routeTable(String name);

    /** {@code --service-cluster} or {@code node.cluster}; empty where unset. */
    String nodeCluster();

    /** {@code node.id}; empty where unset. */
    String nodeId();

    /** {@code node.locality.zone}; empty where unset. */
    String nodeZone();

    /** All stats, for those that do not go with the chain. */
    @Override
    StatsStore stats();

    /**
     * Stats with a prefix of their own, {@code http.<prefix>.} or {@code tcp.<prefix>.}: they leave
     * when the last chain that asked for them has drained.
     *
     * @param prefix ends in a dot
     */
    Scope ownScope(String prefix);

    /**
     * Lets go of something when the chain has closed and its drain time is over, as stats of its
     * own are: what draws from state that others share counts as its user until then, as in Envoy.
     *
     * @param release run once, on any thread
     */
    @Override
    void whenDrained(Runnable release);

    /** Where loggers and others that throw are counted and named. */
    FilterFaults faults();

    /** {@code listener.<address>.}, for what is counted per listener. */
    Scope listenerScope();

    String listenerName();

    TrafficDirection direction();

    Metadata listenerMetadata();

    /** {@code FilterChain.metadata}. */
    Metadata filterChainMetadata();

    /** Asked per response or idle moment: should this connection leave now? */
    DrainDecision drain();

    /** What overload asks of the listener's connections; quiet where the listener is exempt. */
    WorkerOverload overload();

    /** {@code per_connection_buffer_limit_bytes}. */
    int bufferLimitBytes();

    /** The chain's transport is {@code secure()}. */
    boolean secureTransport();

    /** Whether decisions about requests are kept or told. */
    default Explaining explaining() {
        return Explaining.OFF;
    }
}
