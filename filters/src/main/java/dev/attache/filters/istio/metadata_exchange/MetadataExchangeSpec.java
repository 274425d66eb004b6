package dev.attache.filters.istio.metadata_exchange;

import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;

/** The filter on accepted connections. Immutable. */
record MetadataExchangeSpec(ExchangeSettings settings) implements NetworkFilterSpec {

    @Override
    public boolean terminal() {
        return false;
    }

    @Override
    public NetworkFilterFactory open(NetworkFilterContext context) {
        return new OpenExchange(settings, context.stats(), context.worker().index());
    }
}
