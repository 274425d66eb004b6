package dev.attache.proxy.upstream;

/** The HTTP filters of one cluster on one worker. Loop-confined. */
public interface OpenUpstreamFilters {

    /** The cluster is gone: they close with the last request that passes them. */
    void retire();
}
