package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.connection.Connection;

/** The network filters of one cluster's connections on one worker. Loop-confined. */
public interface OpenConnectionFilters {

    /**
     * Puts them on a connection that is there, before anybody uses it.
     *
     * @return false where they have closed it
     */
    boolean admit(Connection established);

    /** The cluster is gone: they close with its last connection. */
    void retire();
}
