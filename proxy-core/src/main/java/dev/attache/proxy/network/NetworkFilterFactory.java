package dev.attache.proxy.network;

import dev.attache.proxy.connection.Connection;
import org.jspecify.annotations.Nullable;

/** One filter of one chain on one worker. Loop-confined. */
public interface NetworkFilterFactory {

    /**
     * The filter for an accepted connection whose filter chain is known; null where its
     * configuration is to be discovered and is not there: the connection is closed.
     */
    @Nullable NetworkFilter newFilter(Connection connection);

    /** The chain is gone and its last connection closed: give back what {@code open} took. */
    default void close() {}
}
