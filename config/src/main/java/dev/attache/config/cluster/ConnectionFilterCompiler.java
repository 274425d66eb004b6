package dev.attache.config.cluster;

import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.proxy.network.UpstreamNetworkFilterSpec;
import dev.attache.proxy.network.UpstreamNetworkFilters;
import io.envoyproxy.envoy.config.cluster.v3.Filter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code Cluster.filters}: network filters of the cluster's connections. */
final class ConnectionFilterCompiler {
    private ConnectionFilterCompiler() {}

    /** Null where there are none. */
    static @Nullable UpstreamNetworkFilters compile(List<Filter> filters, CompileContext context) {
        if (filters.isEmpty()) {
            return null;
        }
        List<UpstreamNetworkFilters.Entry> entries = new ArrayList<>(filters.size());
        for (int i = 0; i < filters.size(); i++) {
            Filter filter = filters.get(i);
            if (filter.hasConfigDiscovery()) {
                continue; // refused by the support table
            }
            UpstreamNetworkFilterSpec spec =
                    context.at("filters", i)
                            .at("typed_config")
                            .extension(
                                    ExtensionCategory.UPSTREAM_NETWORK_FILTER,
                                    UpstreamNetworkFilterSpec.class,
                                    filter.getName(),
                                    filter.getTypedConfig());
            if (spec != null) {
                entries.add(new UpstreamNetworkFilters.Entry(filter.getName(), spec));
            }
        }
        return new UpstreamNetworkFilters(entries);
    }
}
