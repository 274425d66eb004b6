package dev.attache.proxy.upstream.lb;

import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.lb.hash.SharedTables;

/**
 * A load balancing policy as configured: immutable, shared by all workers. Built-in policies are
 * the records of this package; an extension implements it too.
 */
public interface LoadBalancerSpec {

    /** A policy of one worker; called on its loop. */
    LoadBalancer newBalancer(BalancerContext context);

    /**
     * Compiles {@code hosts} ahead for all workers, where the policy has something to compile.
     * Called on the main thread, before workers hear of the hosts.
     */
    default void prepare(HostSet hosts, LoadBalancingSettings settings, SharedTables tables) {}

    /**
     * The cluster that {@link #prepare} was called for is over. Called on the main thread, once the
     * last worker has let it go.
     */
    default void retire(SharedTables tables) {}
}
