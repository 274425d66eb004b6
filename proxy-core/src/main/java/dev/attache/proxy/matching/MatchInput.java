package dev.attache.proxy.matching;

import org.jspecify.annotations.Nullable;

/**
 * What a matcher looks at ({@code DataInput} in Envoy). Immutable; asked on the thread that owns
 * the data.
 *
 * @param <D> where it is found
 */
@FunctionalInterface
public interface MatchInput<D> {

    /** The kind of value that nearly all inputs give: octets, one character per byte. */
    String TEXT = "string";

    /** The value of what a later part of the message may bring. */
    Object NOT_YET =
            new Object() {
                @Override
                public String toString() {
                    return "not there yet";
                }
            };

    /**
     * The value, of the class that {@link #kind} stands for.
     *
     * @return null = there is none; {@link #NOT_YET}
     */
    @Nullable Object get(D data);

    /** Envoy's name for the kind of value, by which it is checked against the matcher. */
    default String kind() {
        return TEXT;
    }

    /** The value as text; null where there is none, or none yet. */
    default @Nullable String text(D data) {
        return get(data) instanceof String text ? text : null;
    }
}
