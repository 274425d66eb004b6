package dev.attache.proxy.upstream.lb.hash;

import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.host.Host;
import org.jspecify.annotations.Nullable;

/** From a hash to a host. Immutable, any thread. */
public interface HashTable {

    /** Without hosts. */
    HashTable EMPTY = (hash, attempt) -> null;

    /**
     * @param attempt 0 first; later ones look elsewhere because the host was refused
     */
    @Nullable Host choose(long hash, int attempt);

    /** Tells the cluster's gauges how the table came out. */
    default void report(Scope cluster) {}
}
