package dev.attache.proxy.pipeline;

import dev.attache.proxy.upstream.spec.UpstreamFilters;
import java.util.List;

/**
 * The upstream filters of a cluster or of a router, without the codec that stands behind them.
 * Immutable.
 */
public record HttpFilterChain(List<FilterEntry> filters) implements UpstreamFilters {

    public HttpFilterChain {
        filters = List.copyOf(filters);
    }
}
