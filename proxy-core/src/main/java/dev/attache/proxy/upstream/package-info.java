/**
 * Upstreams: clusters as workers see them ({@link dev.attache.proxy.upstream.Cluster}), and the
 * main thread's knowledge of them ({@link dev.attache.proxy.upstream.SharedCluster}).
 *
 * <p>Rooms, each using only those before it: {@code stats} (names), {@code host} (endpoints and
 * their arrangement), {@code lb} (balancing), {@code outlier} and {@code health} as configured,
 * {@code spec} (a cluster as configured), {@code discovery} (who is in it), {@code pool}
 * (connections and breakers), {@code health} (active checks), this.
 */
@NullMarked
package dev.attache.proxy.upstream;

import org.jspecify.annotations.NullMarked;
