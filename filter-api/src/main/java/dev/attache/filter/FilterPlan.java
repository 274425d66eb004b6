package dev.attache.filter;

/**
 * A filter with its settings: immutable, shared by all workers, opened on each. What all workers
 * share and somebody must close, as a pool of database connections, belongs to it.
 */
@FunctionalInterface
@Stable(since = "0.1", implementedByAuthors = true)
public interface FilterPlan {

    /**
     * On each worker, when a filter chain that has the filter is adopted: resolves statistics and
     * whatever else should not be looked up for each request. What it throws refuses the chain.
     *
     * @param scope lives as long as the filter
     */
    Filter open(FilterScope scope);

    /**
     * The last filter that was opened has ended with its last stream: give back what is shared. On
     * a virtual thread of its own, so it may wait. Should the configuration be used once more,
     * {@link FilterFactory#configure} makes another plan.
     */
    default void close() {}
}
