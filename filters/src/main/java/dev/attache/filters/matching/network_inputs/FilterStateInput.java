package dev.attache.filters.matching.network_inputs;

import dev.attache.proxy.metadata.FilterState;
import org.jspecify.annotations.Nullable;

/**
 * The text of an object in the filter state, or of one of its fields. Immutable.
 *
 * @param field empty = the object itself; so it is of an object that has none, as in Envoy
 */
record FilterStateInput(String key, String field) {

    @Nullable String get(FilterState state) {
        FilterState.Value value = state.get(key);
        if (value == null) {
            return null;
        }
        if (!field.isEmpty() && value.hasFields()) {
            return value.field(field);
        }
        return value.isText() ? value.serializeAsString() : null;
    }
}
