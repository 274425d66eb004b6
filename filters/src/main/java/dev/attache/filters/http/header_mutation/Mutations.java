package dev.attache.filters.http.header_mutation;

import dev.attache.filters.wire.QueryParameters;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.route.HeaderEdit;
import dev.attache.proxy.stream.format.FormatContext;
import java.util.List;

/** {@code Mutations}: what the filter, or one level of a route, does. Immutable. */
record Mutations(
        List<HeaderEdit> request,
        List<QueryEdit> query,
        List<HeaderEdit> requestTrailers,
        List<HeaderEdit> response,
        List<HeaderEdit> responseTrailers) {

    Mutations {
        query = List.copyOf(query);
    }

    /** Headers first; all query parameters see the path that this leaves. */
    void request(Headers headers, FormatContext context) {
        HeaderEdit.apply(request, headers, context);
        if (query.isEmpty()) {
            return;
        }
        String path = headers.get(HeaderName.PATH);
        if (path == null) {
            return;
        }
        QueryParameters parameters = QueryParameters.of(path);
        for (QueryEdit edit : query) {
            edit.apply(parameters, context);
        }
        headers.set(HeaderName.PATH, parameters.in(path));
    }
}
