package dev.attache.filters.cel.function;

/**
 * What a call does with values that are no faults. A fault where it has no overload for them.
 * Immutable, any thread.
 */
public sealed interface Function {

    /** Of one argument, or of a receiver alone. */
    @FunctionalInterface
    non-sealed interface Unary extends Function {
        Object apply(Object only);
    }

    /** Of two. */
    @FunctionalInterface
    non-sealed interface Binary extends Function {
        Object apply(Object left, Object right);
    }

    /** Of three or more. */
    @FunctionalInterface
    non-sealed interface Several extends Function {
        Object apply(Object[] arguments);
    }
}
