package dev.attache.proxy.listener;

import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.connection.RedirectGuard;
import dev.attache.proxy.explain.Explaining;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.upstream.ClusterLookup;
import dev.attache.proxy.worker.WorkerContext;
import org.jspecify.annotations.Nullable;

/** What the listeners of a worker find around them; implemented by the engine. Loop-confined. */
public interface WorkerSurroundings {

    WorkerContext worker();

    ClusterLookup clusters();

    /** Calls to those clusters, by code on this worker. */
    ScopedCalls calls();

    /** The RDS table of that name as adopted by this worker, or null. */
    @Nullable RouteTable routeTable(String name);

    /** {@code --service-cluster} or {@code node.cluster}; empty where unset. */
    String nodeCluster();

    String nodeId();

    /** {@code node.locality.zone}; empty where unset. */
    String nodeZone();

    DrainControl drainControl();

    ConnectionGate connectionGate();

    RedirectGuard redirectGuard();

    /** Whether decisions about requests are kept or told. */
    default Explaining explaining() {
        return Explaining.OFF;
    }
}
