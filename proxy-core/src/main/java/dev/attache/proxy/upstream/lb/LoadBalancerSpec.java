package dev.attache.proxy.upstream.lb;

/**
 * A load balancing policy as configured: immutable, shared by all workers. Built-in policies are
 * the records of this package; an extension implements it too.
 */
public interface LoadBalancerSpec {

    /** A policy of one worker; called on its loop. */
    LoadBalancer newBalancer(BalancerContext context);
}
