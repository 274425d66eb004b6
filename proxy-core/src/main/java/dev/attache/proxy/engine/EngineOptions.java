package dev.attache.proxy.engine;

import dev.attache.proxy.connection.RedirectGuard;
import dev.attache.proxy.listener.ConnectionGate;
import dev.attache.proxy.listener.DrainControl;
import dev.attache.proxy.memory.MemoryBudget;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.ImpliedClusters;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What an engine is made with. Immutable but for the controls in it.
 *
 * @param concurrency number of workers, {@code --concurrency}; at least 1
 * @param nodeCluster {@code node.cluster}, empty where unset, as are the two after it
 * @param drain how listeners and chains drain
 * @param gate connection limits beyond one worker
 * @param guard keeps redirected traffic from going round
 * @param memory what each worker may hold for its peers
 * @param internalBufferBytes of each direction of a connection to an internal listener
 * @param publisher the publishing thread: what follows the workers' answers happens on it
 * @param implied clusters that configurations do not name; null = none of them needs any
 */
public record EngineOptions(
        int concurrency,
        StatsStore stats,
        String nodeId,
        String nodeCluster,
        String nodeZone,
        DrainControl drain,
        ConnectionGate gate,
        RedirectGuard guard,
        MemoryBudget memory,
        int internalBufferBytes,
        Executor publisher,
        @Nullable ImpliedClusters implied) {

    /** Envoy's {@code buffer_size_kb} where it is not given. */
    public static final int DEFAULT_INTERNAL_BUFFER_BYTES = 1024 * 1024;

    /**
     * One worker per processor, an empty node, no limits; publishes on whichever thread is last.
     */
    public static EngineOptions defaults(StatsStore stats) {
        return new EngineOptions(
                Runtime.getRuntime().availableProcessors(),
                stats,
                "",
                "",
                "",
                new DrainControl(),
                ConnectionGate.OPEN,
                RedirectGuard.OFF,
                MemoryBudget.UNLIMITED,
                DEFAULT_INTERNAL_BUFFER_BYTES,
                Runnable::run,
                null);
    }

    public EngineOptions withConcurrency(int workers) {
        return new EngineOptions(
                workers,
                stats,
                nodeId,
                nodeCluster,
                nodeZone,
                drain,
                gate,
                guard,
                memory,
                internalBufferBytes,
                publisher,
                implied);
    }

    public EngineOptions withDrain(DrainControl control) {
        return new EngineOptions(
                concurrency,
                stats,
                nodeId,
                nodeCluster,
                nodeZone,
                control,
                gate,
                guard,
                memory,
                internalBufferBytes,
                publisher,
                implied);
    }

    public EngineOptions withGate(ConnectionGate limits) {
        return new EngineOptions(
                concurrency,
                stats,
                nodeId,
                nodeCluster,
                nodeZone,
                drain,
                limits,
                guard,
                memory,
                internalBufferBytes,
                publisher,
                implied);
    }

    public EngineOptions withMemory(MemoryBudget budget) {
        return new EngineOptions(
                concurrency,
                stats,
                nodeId,
                nodeCluster,
                nodeZone,
                drain,
                gate,
                guard,
                budget,
                internalBufferBytes,
                publisher,
                implied);
    }
}
