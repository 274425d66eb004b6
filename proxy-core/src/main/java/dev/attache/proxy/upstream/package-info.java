/**
 * Upstreams: clusters as workers see them ({@link dev.attache.proxy.upstream.Cluster}), and the
 * main thread's knowledge of who is in them.
 *
 * <p>Packages, each using only those before it: {@code host} (endpoints and their arrangement),
 * {@code lb} (policies), {@code spec} (configuration), {@code pool} (connections and breakers),
 * this.
 */
@NullMarked
package dev.attache.proxy.upstream;

import org.jspecify.annotations.NullMarked;
