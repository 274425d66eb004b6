package dev.attache.filters.istio.metadata_exchange;

import dev.attache.proxy.network.UpstreamNetworkFilterScope;
import dev.attache.proxy.network.UpstreamNetworkFilterSpec;

/** The filter on a cluster's connections. Immutable. */
record UpstreamMetadataExchangeSpec(ExchangeSettings settings)
        implements UpstreamNetworkFilterSpec {

    @Override
    public Factory open(UpstreamNetworkFilterScope scope) {
        return new OpenExchange(settings, scope.stats().store(), scope.worker().index());
    }
}
