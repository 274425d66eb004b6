package dev.attache.proxy.http;

import org.jspecify.annotations.Nullable;

/**
 * The query of a path: pieces between {@code &}, each a name and perhaps a value, percent-encoded.
 * Octets in and out. Stateless.
 */
public final class QueryString {

    private QueryString() {}

    /** The query of a path as it stands, behind the question mark, or null where there is none. */
    public static @Nullable String of(String path) {
        int mark = path.indexOf('?');
        return mark < 0 ? null : path.substring(mark + 1);
    }

    /** The first value under a decoded name, decoded; empty without a value, null: no such name. */
    public static @Nullable String first(String query, String name) {
        int at = 0;
        while (at <= query.length()) {
            int end = end(query, at);
            int equals = equals(query, at, end);
            if (isNamed(query, at, equals, name)) {
                return PercentEncoding.decoded(query.substring(Math.min(equals + 1, end), end));
            }
            at = end + 1;
        }
        return null;
    }

    /**
     * The path without all that stands under a decoded name; what else is there stays as it is, and
     * a query of which nothing is left goes with its mark.
     */
    public static String without(String path, String name) {
        String query = of(path);
        if (query == null) {
            return path;
        }
        StringBuilder kept = new StringBuilder(path.length());
        kept.append(path, 0, path.length() - query.length() - 1);
        char separator = '?';
        int at = 0;
        while (at <= query.length()) {
            int end = end(query, at);
            if (!isNamed(query, at, equals(query, at, end), name)) {
                kept.append(separator).append(query, at, end);
                separator = '&';
            }
            at = end + 1;
        }
        return kept.toString();
    }

    private static int end(String query, int at) {
        int end = query.indexOf('&', at);
        return end < 0 ? query.length() : end;
    }

    /** Where a piece's name ends. */
    private static int equals(String query, int at, int end) {
        int equals = query.indexOf('=', at, end);
        return equals < 0 ? end : equals;
    }

    private static boolean isNamed(String query, int from, int to, String name) {
        return PercentEncoding.decoded(query.substring(from, to)).equals(name);
    }
}
