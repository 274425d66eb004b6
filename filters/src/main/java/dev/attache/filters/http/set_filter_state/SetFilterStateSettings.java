package dev.attache.filters.http.set_filter_state;

import dev.attache.filters.filter_state.StateEntry;
import java.util.List;

/**
 * Of the filter, or of one level of a route, whose objects come behind. Immutable.
 *
 * @param clearRouteCache the route is chosen again afterwards
 */
record SetFilterStateSettings(List<StateEntry> entries, boolean clearRouteCache) {
    SetFilterStateSettings {
        entries = List.copyOf(entries);
    }
}
