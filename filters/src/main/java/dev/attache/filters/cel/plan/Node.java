package dev.attache.filters.cel.plan;

import dev.attache.proxy.stream.format.FormatContext;

/** One operation of a compiled expression. Immutable, any thread. */
@FunctionalInterface
public interface Node {

    /** What it comes to: a value, or a fault. */
    Object evaluate(FormatContext context);
}
