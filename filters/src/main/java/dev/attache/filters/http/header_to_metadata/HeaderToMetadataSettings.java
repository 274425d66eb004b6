package dev.attache.filters.http.header_to_metadata;

import java.util.List;

/**
 * Of the filter, or of a route, which replaces the filter's. Immutable.
 *
 * @param statPrefix empty = nothing is counted
 */
record HeaderToMetadataSettings(List<Rule> request, List<Rule> response, String statPrefix) {
    HeaderToMetadataSettings {
        request = List.copyOf(request);
        response = List.copyOf(response);
    }
}
