package dev.attache.proxy.pipeline;

/** Configuration of one HTTP filter: immutable, shared by all workers. */
public interface HttpFilterSpec {

    /**
     * Opens the filter on one worker for one filter chain; called on that worker's loop when the
     * chain is adopted. Stats and look-ups are resolved here, not per stream.
     */
    HttpFilterFactory open(HttpFilterScope scope);

    /** True for a filter that always answers and so must be last, as the router. */
    default boolean terminal() {
        return false;
    }
}
