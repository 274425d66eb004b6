package dev.attache.proxy.ratelimit;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
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
        String path = request.getOr(HeaderName.PATH, "");
        int question = path.indexOf('?');
        int at = question < 0 ? path.length() : question + 1;
        int hash = path.indexOf('#', at);
        int stop = hash < 0 ? path.length() : hash;
        while (at < stop) {
            int end = path.indexOf('&', at);
            if (end < 0 || end > stop) {
                end = stop;
            }
            int equals = path.indexOf('=', at);
            int nameEnd = equals < 0 || equals > end ? end : equals;
            if (decoded(path, at, nameEnd).equals(name)) {
                return decoded(path, Math.min(nameEnd + 1, end), end);
            }
            at = end + 1;
        }
        return null;
    }

    /** What is no escape stays as it is; octets, one character each. */
    private static String decoded(String text, int from, int to) {
        int percent = text.indexOf('%', from);
        if (percent < 0 || percent >= to) {
            return text.substring(from, to);
        }
        StringBuilder out = new StringBuilder(to - from);
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + 2 < to ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high >= 0 ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (low >= 0) {
                out.append((char) (high << 4 | low));
                i += 2;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
