package dev.attache.filters.network.sni_cluster;

import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;

/** Nothing to configure. */
public record SniClusterSpec() implements NetworkFilterSpec {

    @Override
    public boolean terminal() {
        return false;
    }

    @Override
    public NetworkFilterFactory open(NetworkFilterContext context) {
        return connection -> new SniClusterFilter(connection.info());
    }
}
