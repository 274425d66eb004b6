package dev.attache.proxy.network;

/**
 * Whether connections of a listener or filter chain should be asked to leave. Gradual: while a
 * drain goes on, the answer is yes with a probability that grows from 0 to 1 over the drain time,
 * so that clients do not all come back at once. Loop-confined.
 */
@FunctionalInterface
public interface DrainDecision {

    DrainDecision NEVER = () -> false;

    boolean drainClose();
}
