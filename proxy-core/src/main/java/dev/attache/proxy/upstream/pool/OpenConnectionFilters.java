package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.connection.Connection;

/** The network filters of one cluster's connections on one worker. Loop-confined. */
public interface OpenConnectionFilters {

    /**
     * Puts them on a connection that is there, before anybody uses it.
     *
     * @param bufferLimit what may wait in front of them, in bytes; 0 = no limit
     * @return false where they have closed it, or could not be made
     */
    boolean admit(Connection established, int bufferLimit);

    /** The cluster is gone: they close with its last connection. */
    void retire();
}
