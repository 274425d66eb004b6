package dev.attache.proxy.listener.filter;

import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.worker.WorkerContext;
import org.jspecify.annotations.Nullable;

/** Configuration of one listener filter. Immutable, any thread. */
public interface ListenerFilterSpec {

    /** Opens it on one worker; called when the listener is adopted, not per connection. */
    Factory open(WorkerContext worker, StatsStore stats);

    /** One listener filter on one worker. Loop-confined but for {@link #close}. */
    @FunctionalInterface
    interface Factory {
        /**
         * A filter for one connection; a filter without state may be the same object. Null where
         * its configuration is to be discovered and is not there: the connection is closed.
         */
        @Nullable ListenerFilter newFilter();

        /**
         * This version of the listener is gone and its drain time over: gives back what {@code
         * open} took. Any thread.
         */
        default void close() {}
    }
}
