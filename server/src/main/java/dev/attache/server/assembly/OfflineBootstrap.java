package dev.attache.server.assembly;

import com.google.protobuf.BoolValue;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;

/**
 * A bootstrap as it is explained without a network: its listeners bind no port, and nothing asks a
 * control plane, checks hosts, or writes logs. What decides about requests is left as it is. Pure.
 */
final class OfflineBootstrap {

    private OfflineBootstrap() {}

    static Bootstrap of(Bootstrap online) {
        Bootstrap.Builder offline =
                online.toBuilder()
                        .clearAdmin()
                        .clearDynamicResources()
                        .clearHdsConfig()
                        .clearStatsSinks()
                        .clearWatchdogs()
                        .clearOverloadManager();
        for (Listener.Builder listener :
                offline.getStaticResourcesBuilder().getListenersBuilderList()) {
            listener.setBindToPort(BoolValue.of(false)).clearAccessLog();
        }
        for (Cluster.Builder cluster :
                offline.getStaticResourcesBuilder().getClustersBuilderList()) {
            cluster.clearHealthChecks();
            if (cluster.getType() == Cluster.DiscoveryType.EDS
                    && !cluster.getEdsClusterConfig().getEdsConfig().hasPathConfigSource()) {
                // Its hosts are not in the file: it has none.
                cluster.clearEdsClusterConfig().setType(Cluster.DiscoveryType.STATIC);
            }
        }
        return offline.build();
    }
}
