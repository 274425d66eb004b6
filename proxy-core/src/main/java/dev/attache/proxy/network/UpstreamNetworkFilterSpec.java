package dev.attache.proxy.network;

import dev.attache.proxy.connection.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Configuration of a network filter on a cluster's connections: those of its pools, for requests
 * and for TCP proxies. Immutable, any thread.
 */
public interface UpstreamNetworkFilterSpec {

    /** Opens the filter on one worker, called on its loop when a connection first needs it. */
    Factory open(UpstreamNetworkFilterScope scope);

    /** One filter of one cluster on one worker. Loop-confined. */
    interface Factory {

        /**
         * The filter for a connection that is there, its handshake finished; null where its
         * configuration is to be discovered and is not there: the connection goes without it.
         */
        NetworkFilter.@Nullable Inspecting newFilter(Connection connection);

        /** The cluster is gone and its last connection closed. */
        default void close() {}
    }
}
