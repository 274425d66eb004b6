package dev.attache.filters.cel.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tree of an expression, as it comes of its text or of a message. Operators are calls of
 * functions with names of their own, {@code _+_}. Text is octets. Immutable.
 */
public sealed interface Syntax {

    /**
     * A constant.
     *
     * @param value of a type that expressions have, no list or map
     */
    record Literal(Object value) implements Syntax {}

    /** A name by itself; one that begins with a dot stands without it. */
    record Name(String name) implements Syntax {}

    /**
     * A field of something.
     *
     * @param test whether it is asked for at all: {@code has(x.field)}
     */
    record Select(Syntax operand, String field, boolean test) implements Syntax {}

    /**
     * A function.
     *
     * @param target before the dot, or null
     */
    record Call(@Nullable Syntax target, String function, List<Syntax> arguments)
            implements Syntax {}

    record Listing(List<Syntax> items) implements Syntax {}

    record Mapping(List<Entry> entries) implements Syntax {}

    /** An entry of a map. */
    record Entry(Syntax key, Syntax value) {}

    /** A message. */
    record Message(String type, List<Field> fields) implements Syntax {}

    /** A field of a message. */
    record Field(String name, Syntax value) {}

    /** A loop: {@code x.all(i, …)} and its like. Nothing is kept of it, as it is refused. */
    record Comprehension() implements Syntax {}
}
