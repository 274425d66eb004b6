package dev.attache.filters.istio.network_peer_metadata;

import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;

/**
 * The filter of the listener that makes tunnels. Immutable.
 *
 * @param baggageKey of the filter state where the node's own baggage is put; empty = nowhere
 * @param baggage the node's
 */
record TunnelPeerSpec(String baggageKey, String baggage) implements NetworkFilterSpec {

    @Override
    public boolean terminal() {
        return false;
    }

    @Override
    public NetworkFilterFactory open(NetworkFilterContext context) {
        return connection -> new TunnelPeerFilter(this, connection.info());
    }
}
