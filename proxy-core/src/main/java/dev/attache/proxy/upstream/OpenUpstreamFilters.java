package dev.attache.proxy.upstream;

import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.spec.UpstreamFilters;

/** The HTTP filters of one cluster on one worker. Loop-confined. */
public interface OpenUpstreamFilters {

    /** Opens those of one worker's clusters. */
    @FunctionalInterface
    interface Opening {

        /**
         * @param stats {@code cluster.<name>.}
         */
        OpenUpstreamFilters open(UpstreamFilters filters, Scope stats);
    }

    /** The cluster is gone: they close with the last request that passes them. */
    void retire();
}
