package dev.attache.proxy.upstream.pool;

/**
 * The limits of one routing priority of one cluster as a worker sees them (Envoy's resource
 * manager). Counts are global: each worker writes its own and sums all when it asks, so that
 * several workers may together overshoot by what they add at the same instant, as Envoy's do.
 * Loop-confined.
 */
public interface CircuitBreaker {

    /** One counted thing. */
    interface Resource {

        /** Below the limit at this moment. */
        boolean canCreate();

        void inc();

        void dec();

        /** Over all workers. */
        long count();

        long max();
    }

    Resource connections();

    Resource pendingRequests();

    Resource requests();

    /** With a retry budget the limit follows the requests active and pending. */
    Resource retries();

    Resource connectionPools();
}
