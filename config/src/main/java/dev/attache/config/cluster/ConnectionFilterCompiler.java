package dev.attache.config.cluster;

import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.DiscoveredFilters;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionDiscovery;
import dev.attache.config.extension.FilterKind;
import dev.attache.proxy.network.DiscoveredUpstreamFilterSpec;
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
            CompileContext at = context.at("filters", i);
            UpstreamNetworkFilterSpec spec =
                    filter.hasConfigDiscovery()
                            ? discovered(filter, at.at("config_discovery"))
                            : at.at("typed_config")
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

    private static @Nullable UpstreamNetworkFilterSpec discovered(
            Filter filter, CompileContext context) {
        var discovered =
                DiscoveredFilters.compile(
                        filter.getName(),
                        filter.getConfigDiscovery(),
                        FilterKind.UPSTREAM_NETWORK,
                        UpstreamNetworkFilterSpec.class,
                        new ExtensionDiscovery.Place("upstream network", false, ""),
                        context);
        return discovered == null ? null : new DiscoveredUpstreamFilterSpec(discovered);
    }
}
