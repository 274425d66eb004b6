package dev.attache.proxy.network;

import dev.attache.proxy.upstream.spec.ConnectionFilters;
import java.util.List;

/** {@code Cluster.filters}, in order. Immutable. */
public record UpstreamNetworkFilters(List<Entry> filters) implements ConnectionFilters {

    /**
     * One of them.
     *
     * @param name as configured
     */
    public record Entry(String name, UpstreamNetworkFilterSpec spec) {}

    public UpstreamNetworkFilters {
        filters = List.copyOf(filters);
    }
}
