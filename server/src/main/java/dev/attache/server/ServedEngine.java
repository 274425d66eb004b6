package dev.attache.server;

import dev.attache.proxy.engine.Engine;
import dev.attache.proxy.engine.EngineOptions;
import dev.attache.proxy.listener.DrainControl;
import dev.attache.proxy.memory.MemoryBudget;
import dev.attache.proxy.upstream.ClusterEnvironment;
import dev.attache.proxy.upstream.ImpliedClusters;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.server.assembly.Assembly;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.guard.TrafficGuard;
import dev.attache.server.memory.MemoryReturn;
import dev.attache.server.memory.PeerBudget;
import dev.attache.server.overload.ConnectionLimits;
import dev.attache.server.overload.OverloadWatch;
import dev.attache.server.source.NettyMainLoop;
import io.envoyproxy.envoy.config.core.v3.Node;

/** The engine of a server, with what bounds it and what watches over its memory and load. */
final class ServedEngine {

    private final Assembly assembly;
    private final ServerOptions options;
    private final ServerLoops loops;
    private final Engine engine;
    private final EngineTarget target;
    private final PeerBudget peerBudget;
    private final MemoryReturn memoryReturn;
    private final OverloadWatch overload;

    ServedEngine(
            Assembly assembly,
            ServerOptions options,
            ServerLoops loops,
            ServerEnd end,
            DrainControl drain) {
        this.assembly = assembly;
        this.options = options;
        this.loops = loops;
        NettyMainLoop main = loops.main();
        TrafficGuard guard = new TrafficGuard(assembly.runtime(), assembly.stats());
        ConnectionLimits limits =
                new ConnectionLimits(
                        assembly.runtime(), assembly.overload().maxDownstreamConnections());
        MemoryBudget memory = PeerBudget.initial(options.concurrency());
        this.engine = new Engine(engineOptions(drain, limits, guard, memory), end::lost);
        this.target =
                new EngineTarget(
                        engine,
                        guard,
                        assembly.bootstrap().getClusterManager().getLocalClusterName(),
                        end::isClosing);
        this.peerBudget =
                PeerBudget.follow(memory, options.concurrency(), engine::heapHeldForPeers);
        this.memoryReturn = MemoryReturn.of(engine, main);
        this.overload =
                new OverloadWatch(
                        assembly.overload(),
                        limits::pressure,
                        assembly.stats(),
                        main,
                        engine::publishOverload);
    }

    private EngineOptions engineOptions(
            DrainControl drain, ConnectionLimits limits, TrafficGuard guard, MemoryBudget memory) {
        Node node = assembly.node();
        NettyMainLoop main = loops.main();
        return new EngineOptions(
                options.concurrency(),
                assembly.stats(),
                node.getId(),
                node.getCluster(),
                node.getLocality().getZone(),
                drain,
                limits,
                guard,
                memory,
                assembly.internalBufferBytes(),
                main::execute,
                new ImpliedClusters(
                        main.eventLoop(), options.concurrency(), loops.names(), locality()));
    }

    /** What clusters find around them. */
    ClusterEnvironment surroundings() {
        return new ClusterEnvironment(
                loops.main().eventLoop(),
                options.concurrency(),
                assembly.stats(),
                loops.names(),
                locality(),
                target::localHosts,
                target::hosts);
    }

    private Locality locality() {
        var own = assembly.node().getLocality();
        return new Locality(own.getRegion(), own.getZone(), own.getSubZone());
    }

    Engine engine() {
        return engine;
    }

    /** To which the config plane publishes. */
    EngineTarget target() {
        return target;
    }

    /** Load is watched, and memory given back; main loop. */
    void startWatches() {
        overload.start();
        memoryReturn.start();
    }

    /** No more watching; any thread. */
    void closeWatches() {
        ServerEnd.step("memory budget", peerBudget::close);
        ServerEnd.step("memory return", () -> loops.main().execute(memoryReturn::close));
        ServerEnd.step("overload manager", () -> loops.main().execute(overload::close));
    }
}
