package dev.attache.filters.istio.metadata_exchange;

import dev.attache.config.extension.SharedSlot;
import dev.attache.filters.istio.metadata.WorkloadDirectory;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.UpstreamNetworkFilterSpec;
import dev.attache.proxy.stats.StatsStore;
import org.jspecify.annotations.Nullable;

/** The filter of one chain or cluster on one worker. Loop-confined. */
final class OpenExchange implements NetworkFilterFactory, UpstreamNetworkFilterSpec.Factory {
    private final ExchangeSettings settings;
    private final ExchangeStats stats;
    private final SharedSlot.@Nullable Lease<WorkloadDirectory> lease;

    OpenExchange(ExchangeSettings settings, StatsStore stats, int worker) {
        this.settings = settings;
        this.stats = new ExchangeStats(stats, worker);
        this.lease = settings.workloads() == null ? null : settings.workloads().lease();
    }

    @Override
    public NetworkFilter.Inspecting newFilter(Connection connection) {
        return new MetadataExchangeFilter(
                settings, stats, lease == null ? null : lease.value(), connection.info());
    }

    @Override
    public void close() {
        if (lease != null) {
            lease.close();
        }
    }
}
