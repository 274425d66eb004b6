package dev.attache.proxy.upstream;

import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.pool.OpenConnectionFilters;
import dev.attache.proxy.upstream.spec.ConnectionFilters;
import dev.attache.proxy.upstream.spec.UpstreamFilters;

/** For tests whose clusters have none. */
final class NoFilters implements FilterOpening {
    static final FilterOpening HERE = new NoFilters();

    private NoFilters() {}

    @Override
    public OpenUpstreamFilters http(UpstreamFilters filters, Scope stats) {
        throw new AssertionError("no cluster here has filters");
    }

    @Override
    public OpenConnectionFilters network(ConnectionFilters filters, Scope stats) {
        throw new AssertionError("no cluster here has filters");
    }
}
