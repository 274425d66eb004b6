package dev.attache.filters.matching.http_inputs;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.QueryString;
import dev.attache.proxy.matching.MatchInput;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.stream.HttpMatchInput;
import org.jspecify.annotations.Nullable;

/**
 * The first value of a query parameter, decoded. Immutable.
 *
 * @param name decoded, octets
 */
record QueryParameterInput(String name) implements HttpMatchInput {
    @Override
    public @Nullable Object get(HttpMatchData data) {
        Headers request = data.requestHeaders();
        int path = request == null ? -1 : request.indexOf(HeaderName.PATH);
        if (request == null || path < 0) {
            return MatchInput.NOT_YET;
        }
        String query = QueryString.of(request.value(path));
        return query == null ? null : QueryString.first(query, name);
    }
}
