package dev.attache.filters.filter_state;

import dev.attache.proxy.metadata.FilterState;
import org.jspecify.annotations.Nullable;

/** Objects of filter state from text, by the names of Envoy's factories. Stateless. */
public final class StateFromText {
    private StateFromText() {}

    /** Whether there is a factory of that name. */
    public static boolean isFactory(String name) {
        return ObjectKind.of(name) != null;
    }

    /**
     * The object, or null: there is no such factory, or the text is none of its kind.
     *
     * @param octets characters are bytes
     */
    public static FilterState.@Nullable Value make(String factory, String octets) {
        ObjectKind kind = ObjectKind.of(factory);
        return kind == null ? null : kind.make(octets);
    }
}
