package dev.attache.config.bootstrap;

import dev.attache.config.cluster.CompiledCluster;
import dev.attache.config.listener.CompiledListener;
import dev.attache.config.overload.OverloadSpec;
import dev.attache.config.runtime.RuntimeValues;
import dev.attache.proxy.upstream.spec.DnsServers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a bootstrap compiles to. Node, dynamic resources and secrets are read from the message
 * itself by those who speak xDS.
 *
 * @param admin null: there is no admin port
 * @param overload {@link OverloadSpec#NONE} where no overload manager is configured
 * @param resolvers DNS servers for clusters that name none
 */
public record CompiledBootstrap(
        RuntimeValues runtime,
        StatsSettings stats,
        WatchdogSettings watchdogs,
        @Nullable AdminSettings admin,
        List<CompiledCluster> clusters,
        List<CompiledListener> listeners,
        OverloadSpec overload,
        DnsServers resolvers,
        ProcessExtensions extensions) {
    public CompiledBootstrap {
        clusters = List.copyOf(clusters);
        listeners = List.copyOf(listeners);
    }

    /**
     * What holds for the process. Clusters and listeners are compiled again by those who put them
     * to work, and replace them: what is kept here would be kept for good, with its code.
     */
    public CompiledBootstrap withoutResources() {
        return new CompiledBootstrap(
                runtime,
                stats,
                watchdogs,
                admin,
                List.of(),
                List.of(),
                overload,
                resolvers,
                extensions);
    }
}
