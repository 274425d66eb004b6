package dev.attache.proxy.ratelimit;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.QueryString;
import dev.attache.proxy.matching.StringMatcher;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of a request's query with names and values percent-decoded, as rate limit actions see
 * them; routes match them as they stand.
 */
public final class DecodedQuery {
    private DecodedQuery() {}

    /**
     * One parameter as it should be.
     *
     * @param matcher null = only whether it is there
     */
    public record Condition(String name, @Nullable StringMatcher matcher, boolean expectPresent) {
        boolean matches(Headers request) {
            String value = first(request, name);
            if (matcher == null) {
                return (value != null) == expectPresent;
            }
            return value != null && matcher.matches(value);
        }
    }

    /** The first value of a parameter, or null. */
    static @Nullable String first(Headers request, String name) {
        String query = QueryString.of(request.getOr(HeaderName.PATH, ""));
        return query == null ? null : QueryString.first(query, name);
    }
}
