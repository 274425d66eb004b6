package dev.attache.filters.http.oauth2;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Names and values of a query as they stand, not decoded, sorted by name when they are written.
 * Loop-confined.
 */
final class QueryParams {

    private final Map<String, List<String>> values = new TreeMap<>();

    /** Those of a URL or a path. */
    static QueryParams of(String url) {
        QueryParams params = new QueryParams();
        int mark = url.indexOf('?');
        if (mark < 0) {
            return params;
        }
        int fragment = url.indexOf('#', mark);
        String query = url.substring(mark + 1, fragment < 0 ? url.length() : fragment);
        for (String piece : query.split("&", -1)) {
            int equals = piece.indexOf('=');
            String name = equals < 0 ? piece : piece.substring(0, equals);
            if (!piece.isEmpty()) {
                params.values
                        .computeIfAbsent(name, key -> new ArrayList<>())
                        .add(equals < 0 ? "" : piece.substring(equals + 1));
            }
        }
        return params;
    }

    /** The first value, or null where there is none of that name. */
    @Nullable String first(String name) {
        List<String> found = values.get(name);
        return found == null ? null : found.getFirst();
    }

    QueryParams set(String name, String value) {
        values.put(name, List.of(value));
        return this;
    }

    /** With a question mark before them; empty where there are none. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        values.forEach((name, all) -> {
            for (String value : all) {
                out.append(out.isEmpty() ? '?' : '&').append(name).append('=');
                out.append(value);
            }
        });
        return out.toString();
    }
}
