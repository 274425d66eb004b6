package dev.attache.proxy.upstream.pool;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.spec.ClusterSpec;

/** The network filters of one cluster's connections on one worker. Loop-confined. */
public interface OpenConnectionFilters {

    /**
     * Puts them on a connection that is there, before anybody uses it.
     *
     * @param host at its other end
     * @param cluster of the host, whose buffer limit says what may wait in front of them
     * @return false where they have closed it, or could not be made
     */
    boolean admit(Connection established, Host host, ClusterSpec cluster);

    /** The cluster is gone: they close with its last connection. */
    void retire();
}
