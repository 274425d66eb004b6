package dev.attache.proxy.engine;

import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.call.GrpcChannels;
import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.call.WorkerCalls;
import dev.attache.proxy.connection.RedirectGuard;
import dev.attache.proxy.connection.userspace.InternalListeners;
import dev.attache.proxy.connection.userspace.Passthrough;
import dev.attache.proxy.connection.userspace.UserSpaceChannel;
import dev.attache.proxy.explain.Explaining;
import dev.attache.proxy.listener.ConnectionGate;
import dev.attache.proxy.listener.DrainControl;
import dev.attache.proxy.listener.OpenListener;
import dev.attache.proxy.listener.WorkerListeners;
import dev.attache.proxy.listener.WorkerSurroundings;
import dev.attache.proxy.memory.WorkerMemory;
import dev.attache.proxy.network.ClusterConnectionFilters;
import dev.attache.proxy.network.UpstreamNetworkFilterScope;
import dev.attache.proxy.network.UpstreamNetworkFilters;
import dev.attache.proxy.overload.OverloadAction;
import dev.attache.proxy.overload.OverloadEffects;
import dev.attache.proxy.overload.OverloadState;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.pipeline.HttpFilterChain;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.router.UpstreamChain;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.ClusterLookup;
import dev.attache.proxy.upstream.ClusterSet;
import dev.attache.proxy.upstream.FilterOpening;
import dev.attache.proxy.upstream.OpenUpstreamFilters;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.dial.InternalDial;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.pool.OpenConnectionFilters;
import dev.attache.proxy.upstream.spec.ConnectionFilters;
import dev.attache.proxy.upstream.spec.UpstreamFilters;
import dev.attache.proxy.worker.TimerWheel;
import dev.attache.proxy.worker.Timers;
import dev.attache.proxy.worker.TurnEnd;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.util.Collection;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One worker: an event loop and everything confined to it. Made by the engine; what it owns is
 * touched on its loop only.
 */
final class EngineWorker implements WorkerContext, WorkerSurroundings {

    private final int index;
    private final EventLoop loop;
    private final EngineOptions options;
    private final Explaining explaining;
    private final TimerWheel timers;
    private final TurnEnd turnEnd;
    private final WorkerMemory memory;
    private final SplittableRandom random = new SplittableRandom();
    private final WorkerOverload overload;
    private final ClusterSet clusters;
    private final GrpcChannels channels;
    private final WorkerCalls calls;
    private final WorkerListeners listeners;
    private Map<String, RouteTable> routes = Map.of();
    private boolean handling;
    private long arrivalNanos;

    /**
     * @param explaining whether decisions are kept or told, for all workers
     */
    EngineWorker(int index, EventLoop loop, EngineOptions options, Explaining explaining) {
        this.index = index;
        this.explaining = explaining;
        this.loop = loop;
        this.options = options;
        this.timers = new TimerWheel(loop, System::nanoTime);
        this.turnEnd = new TurnEnd(loop);
        this.memory =
                new WorkerMemory(options.memory(), new SheddingReport(options.stats(), index));
        this.overload = new WorkerOverload(index, this::random);
        this.clusters =
                new ClusterSet(
                        this,
                        options.guard(),
                        new InternalDial(new Internal(), options.internalBufferBytes()),
                        new ClusterFilters());
        this.channels = new GrpcChannels(this, clusters, options.implied(), options.stats());
        this.calls = new WorkerCalls(this, clusters, channels, options.stats());
        this.listeners = new WorkerListeners(this);
    }

    /** A class of its own, as a lambda would load those of its parameters with every start. */
    private final class Internal implements InternalListeners {

        @Override
        public boolean accept(
                InternalAddress to, UserSpaceChannel accepted, Passthrough passthrough, int hops) {
            return listeners.acceptInternal(to, accepted, passthrough, hops);
        }
    }

    /**
     * Opens what clusters have of filters, which no listener's exemption from overload concerns.
     */
    private final class ClusterFilters implements FilterOpening {

        @Override
        public OpenUpstreamFilters http(UpstreamFilters filters, Scope stats) {
            return new UpstreamChain(
                    (HttpFilterChain) filters,
                    new HttpFilterScope(
                            EngineWorker.this,
                            overload,
                            stats,
                            clusters,
                            calls,
                            nodeCluster(),
                            nodeZone()));
        }

        @Override
        public OpenConnectionFilters network(ConnectionFilters filters, Scope stats) {
            return new ClusterConnectionFilters(
                    (UpstreamNetworkFilters) filters,
                    new UpstreamNetworkFilterScope(EngineWorker.this, stats, clusters, calls));
        }
    }

    /**
     * On the loop: takes what is new of the clusters, and opens listeners that {@link #adopt} is to
     * put to work. What serves goes on as it is.
     *
     * @return why those that cannot be opened cannot, by listener
     */
    Map<String, Throwable> open(ProxySnapshot snapshot, Collection<OpenListener> versions) {
        clusters.add(snapshot.clusters());
        return listeners.open(versions);
    }

    /**
     * On the loop: clusters before the routes that lead to them, routes before listeners; clusters
     * that are gone leave last.
     *
     * @param open all that are to serve: they do so already, or have been opened
     */
    void adopt(ProxySnapshot snapshot, Collection<OpenListener> open) {
        clusters.add(snapshot.clusters());
        routes = snapshot.routes();
        listeners.adopt(open);
        clusters.retain(snapshot.clusters().keySet());
    }

    /** On the loop: every connection ends. What is then written about it may still go out. */
    void leave() {
        listeners.closeAll();
    }

    /** On the loop, afterwards: completes {@code done} once no call with a report is under way. */
    void finish(CompletableFuture<Void> done) {
        calls.whenReported(() -> done.complete(null));
    }

    /** On the loop, at last: every cluster closes. */
    void close() {
        channels.close();
        clusters.drain();
    }

    /** On the loop: what overload asks from now on, and at once of what is there. */
    void adopt(OverloadState next, OverloadEffects effects) {
        OverloadState before = overload.state();
        overload.adopt(next, effects);
        if (!next.scalesLike(before)) {
            timers.rescale();
        }
        float reset = next.value(OverloadAction.RESET_HIGH_MEMORY_STREAM);
        if (reset > 0 && reset != before.value(OverloadAction.RESET_HIGH_MEMORY_STREAM)) {
            effects.reset(memory.resetHeaviest(reset, next.minimumPower()), index);
        }
    }

    /** On the loop. */
    void hosts(SharedCluster cluster, HostSet hosts) {
        clusters.hosts(cluster, hosts);
    }

    WorkerListeners listeners() {
        return listeners;
    }

    @Override
    public WorkerContext worker() {
        return this;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public EventLoop eventLoop() {
        return loop;
    }

    @Override
    public void atTurnEnd(Runnable task) {
        turnEnd.add(task);
    }

    @Override
    public Timers timers() {
        return timers;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long arrivalNanos() {
        return handling ? arrivalNanos : System.nanoTime();
    }

    @Override
    public void handling(boolean begins) {
        handling = begins;
        arrivalNanos = begins ? System.nanoTime() : 0;
    }

    @Override
    public ByteBufAllocator allocator() {
        return PooledByteBufAllocator.DEFAULT;
    }

    @Override
    public WorkerMemory memory() {
        return memory;
    }

    @Override
    public long random() {
        return random.nextLong();
    }

    @Override
    public boolean healthCheckFailed() {
        return options.drain().healthFailed();
    }

    @Override
    public WorkerOverload overload() {
        return overload;
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
        return routes.get(name);
    }

    @Override
    public String nodeCluster() {
        return options.nodeCluster();
    }

    @Override
    public String nodeId() {
        return options.nodeId();
    }

    @Override
    public String nodeZone() {
        return options.nodeZone();
    }

    @Override
    public Explaining explaining() {
        return explaining;
    }

    @Override
    public DrainControl drainControl() {
        return options.drain();
    }

    @Override
    public ConnectionGate connectionGate() {
        return options.gate();
    }

    @Override
    public RedirectGuard redirectGuard() {
        return options.guard();
    }
}
