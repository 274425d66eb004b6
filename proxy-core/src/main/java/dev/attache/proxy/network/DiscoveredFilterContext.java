package dev.attache.proxy.network;

import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.ClusterLookup;
import dev.attache.proxy.worker.WorkerContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one configuration of a discovered filter finds around it: its chain's, but for what it holds
 * itself, which it lets go when it closes. Loop-confined.
 */
final class DiscoveredFilterContext implements NetworkFilterContext {
    private final NetworkFilterContext chain;
    private final List<Runnable> held = new ArrayList<>();

    DiscoveredFilterContext(NetworkFilterContext chain) {
        this.chain = chain;
    }

    /** Lets go of what it holds. Its connections have ended. */
    void close() {
        held.forEach(Runnable::run);
        held.clear();
    }

    @Override
    public Scope ownScope(String prefix) {
        held.add(stats().hold(prefix)::close);
        return stats().scope(prefix);
    }

    @Override
    public void whenDrained(Runnable release) {
        held.add(release);
    }

    @Override
    public WorkerContext worker() {
        return chain.worker();
    }

    @Override
    public ClusterLookup clusters() {
        return chain.clusters();
    }

    @Override
    public ScopedCalls calls() {
        return chain.calls();
    }

    @Override
    public @Nullable RouteTable routeTable(String name) {
        return chain.routeTable(name);
    }

    @Override
    public String nodeCluster() {
        return chain.nodeCluster();
    }

    @Override
    public String nodeId() {
        return chain.nodeId();
    }

    @Override
    public String nodeZone() {
        return chain.nodeZone();
    }

    @Override
    public StatsStore stats() {
        return chain.stats();
    }

    @Override
    public FilterFaults faults() {
        return chain.faults();
    }

    @Override
    public Scope listenerScope() {
        return chain.listenerScope();
    }

    @Override
    public String listenerName() {
        return chain.listenerName();
    }

    @Override
    public TrafficDirection direction() {
        return chain.direction();
    }

    @Override
    public Metadata listenerMetadata() {
        return chain.listenerMetadata();
    }

    @Override
    public Metadata filterChainMetadata() {
        return chain.filterChainMetadata();
    }

    @Override
    public DrainDecision drain() {
        return chain.drain();
    }

    @Override
    public WorkerOverload overload() {
        return chain.overload();
    }

    @Override
    public int bufferLimitBytes() {
        return chain.bufferLimitBytes();
    }

    @Override
    public boolean secureTransport() {
        return chain.secureTransport();
    }
}
