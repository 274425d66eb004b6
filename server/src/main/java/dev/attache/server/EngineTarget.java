package dev.attache.server;

import dev.attache.proxy.engine.Engine;
import dev.attache.proxy.engine.ProxySnapshot;
import dev.attache.proxy.engine.Publication;
import dev.attache.proxy.engine.PublishResult;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.server.guard.TrafficGuard;
import dev.attache.server.plane.version.Publisher;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine as the config plane publishes to it, until the server closes: snapshots pass the
 * traffic guard on their way, and the hosts of the proxy's own cluster are known from them.
 */
final class EngineTarget implements Publisher.Target {

    private final Engine engine;
    private final TrafficGuard guard;
    private final String localName;
    private final BooleanSupplier closing;
    private volatile @Nullable SharedCluster local;

    /**
     * @param localName {@code cluster_manager.local_cluster_name}; empty where there is none
     */
    EngineTarget(Engine engine, TrafficGuard guard, String localName, BooleanSupplier closing) {
        this.engine = engine;
        this.guard = guard;
        this.localName = localName;
        this.closing = closing;
    }

    @Override
    public List<Runnable> openings(Collection<ListenerSpec> listeners) {
        return closing.getAsBoolean() ? List.of() : engine.openings(listeners);
    }

    @Override
    public Publication publish(ProxySnapshot next) {
        local = localName.isEmpty() ? null : next.clusters().get(localName);
        guard.adopt(next);
        return closing.getAsBoolean()
                ? new Publication(PublishResult.COMPLETE, new CompletableFuture<>())
                : engine.publish(next);
    }

    void hosts(SharedCluster cluster, HostSet hosts) {
        if (!closing.getAsBoolean()) {
            engine.publishHosts(cluster, hosts);
        }
    }

    /** Of the local cluster, for balancing by zones. */
    HostSet localHosts() {
        SharedCluster own = local;
        return own == null ? HostSet.EMPTY : own.hosts();
    }
}
