package dev.attache.filters.http.set_metadata;

import java.util.List;

/**
 * Of the filter, or of a route, whose entries come behind the filter's. Immutable.
 *
 * @param entries those without a type first
 */
record SetMetadataSettings(List<Entry> entries) {
    SetMetadataSettings {
        entries = List.copyOf(entries);
    }
}
