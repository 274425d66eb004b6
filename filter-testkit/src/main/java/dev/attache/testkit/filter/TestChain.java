package dev.attache.testkit.filter;

import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.network.DrainDecision;
import dev.attache.proxy.network.FilterFaults;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.TrafficDirection;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.ClusterLookup;
import dev.attache.proxy.worker.WorkerContext;
import dev.attache.testkit.filter.proxy.TestWorker;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The filter chain of a listener on the test's worker. Loop-confined. */
final class TestChain implements NetworkFilterContext {

    private final TestWorker worker;
    private final StatsStore stats;
    private final ScopedCalls calls;
    private final ClusterLookup clusters;
    private final FilterSetup.Surroundings surroundings;
    private final List<Runnable> drained = new ArrayList<>();

    TestChain(
            TestWorker worker,
            StatsStore stats,
            ScopedCalls calls,
            ClusterLookup clusters,
            FilterSetup.Surroundings surroundings) {
        this.worker = worker;
        this.stats = stats;
        this.calls = calls;
        this.clusters = clusters;
        this.surroundings = surroundings;
    }

    /** Its drain time is over. */
    void drained() {
        drained.forEach(Runnable::run);
        drained.clear();
    }

    @Override
    public WorkerContext worker() {
        return worker;
    }

    @Override
    public ClusterLookup clusters() {
        return clusters;
    }

    @Override
    public ScopedCalls calls() {
        return calls;
    }

    @Override
    public @Nullable RouteTable routeTable(String name) {
        return null;
    }

    @Override
    public String nodeCluster() {
        return "test-cluster";
    }

    @Override
    public String nodeId() {
        return "test-id";
    }

    @Override
    public String nodeZone() {
        return "test-zone";
    }

    @Override
    public StatsStore stats() {
        return stats;
    }

    /** Not held: a test reads them also when the chain has gone. */
    @Override
    public Scope ownScope(String prefix) {
        return stats.scope(prefix);
    }

    @Override
    public void whenDrained(Runnable release) {
        drained.add(release);
    }

    @Override
    public FilterFaults faults() {
        return new FilterFaults(listenerScope(), "downstream_cx_filter_exception", worker.index());
    }

    @Override
    public Scope listenerScope() {
        return stats.scope("listener.test.");
    }

    @Override
    public String listenerName() {
        return "test";
    }

    @Override
    public TrafficDirection direction() {
        return TrafficDirection.UNSPECIFIED;
    }

    @Override
    public Metadata listenerMetadata() {
        return Metadata.EMPTY;
    }

    @Override
    public Metadata filterChainMetadata() {
        return Metadata.EMPTY;
    }

    @Override
    public DrainDecision drain() {
        return DrainDecision.NEVER;
    }

    @Override
    public WorkerOverload overload() {
        return worker.overload();
    }

    @Override
    public int bufferLimitBytes() {
        return surroundings.bufferLimit();
    }

    @Override
    public boolean secureTransport() {
        return surroundings.tls() != null;
    }
}
