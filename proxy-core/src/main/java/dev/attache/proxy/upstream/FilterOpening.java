package dev.attache.proxy.upstream;

import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.pool.OpenConnectionFilters;
import dev.attache.proxy.upstream.spec.ConnectionFilters;
import dev.attache.proxy.upstream.spec.UpstreamFilters;

/** Opens the filters of one worker's clusters, when one is first used. Loop-confined. */
public interface FilterOpening {

    /**
     * @param stats {@code cluster.<name>.}
     */
    OpenUpstreamFilters http(UpstreamFilters filters, Scope stats);

    /**
     * @param stats {@code cluster.<name>.}
     */
    OpenConnectionFilters network(ConnectionFilters filters, Scope stats);
}
