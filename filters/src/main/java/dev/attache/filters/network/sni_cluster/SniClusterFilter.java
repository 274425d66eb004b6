package dev.attache.filters.network.sni_cluster;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.StateValue;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.tcp.TcpProxySpec;

/** Names the cluster once, when the connection starts. Loop-confined. */
final class SniClusterFilter implements NetworkFilter.Inspecting {

    private final ConnectionInfo info;

    SniClusterFilter(ConnectionInfo info) {
        this.info = info;
    }

    @Override
    public Status onNewConnection() {
        String name = info.requestedServerName();
        if (name != null && !name.isEmpty()) {
            info.filterState().set(TcpProxySpec.CLUSTER_KEY, new StateValue.Name(name));
        }
        return Status.CONTINUE;
    }
}
