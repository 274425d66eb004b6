package dev.attache.proxy.route.match;

import dev.attache.proxy.matching.StringMatcher;
import org.jspecify.annotations.Nullable;

/**
 * {@code QueryParameterMatcher}: the first value of one key, or its mere presence. Immutable.
 *
 * @param matcher null = present_match
 */
public record QueryMatcher(String name, @Nullable StringMatcher matcher, boolean expectPresent) {

    /**
     * @param query after the {@code ?}, without fragment
     */
    boolean matches(String query) {
        String value = first(query, name);
        if (matcher == null) {
            return (value != null) == expectPresent;
        }
        return value != null && matcher.matches(value);
    }

    /** The first value of {@code key} as it stands, or null. */
    static @Nullable String first(String query, String key) {
        int at = 0;
        while (at < query.length()) {
            int end = query.indexOf('&', at);
            if (end < 0) {
                end = query.length();
            }
            int equals = query.indexOf('=', at);
            int nameEnd = equals < 0 || equals > end ? end : equals;
            if (nameEnd - at == key.length() && query.startsWith(key, at)) {
                return nameEnd == end ? "" : query.substring(nameEnd + 1, end);
            }
            at = end + 1;
        }
        return null;
    }
}
