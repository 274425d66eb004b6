package dev.attache.config.bootstrap;

import dev.attache.config.cluster.CompiledCluster;
import dev.attache.config.listener.CompiledListener;
import dev.attache.config.runtime.RuntimeValues;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a bootstrap compiles to. Node, dynamic resources and secrets are read from the message
 * itself by those who speak xDS.
 *
 * @param admin null: there is no admin port
 * @param maxDownstreamConnections of the whole process, from the overload manager; 0 = unlimited
 */
public record CompiledBootstrap(
        RuntimeValues runtime,
        StatsSettings stats,
        WatchdogSettings watchdogs,
        @Nullable AdminSettings admin,
        List<CompiledCluster> clusters,
        List<CompiledListener> listeners,
        long maxDownstreamConnections) {
    public CompiledBootstrap {
        clusters = List.copyOf(clusters);
        listeners = List.copyOf(listeners);
    }
}
