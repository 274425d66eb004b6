package dev.attache.proxy.route.match;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.StringMatcher;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.config.route.v3.CookieMatcher}: the first value that the request has for a cookie; a
 * cookie that is not there matches only inverted. Immutable.
 */
public record CookieMatcher(String name, StringMatcher value, boolean invert) {

    boolean matches(Headers request) {
        String found = first(request, name);
        return found != null && value.matches(found) != invert || found == null && invert;
    }

    /**
     * The first value of a cookie, without quotes around it. As in Envoy only spaces before a name
     * are left out; those behind name or value belong to them.
     */
    public static @Nullable String first(Headers request, String name) {
        for (int i = request.indexOf(HeaderName.COOKIE);
                i >= 0;
                i = request.indexOf(HeaderName.COOKIE, i + 1)) {
            String found = first(request.value(i), name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable String first(String cookies, String name) {
        int end = -1;
        while (end < cookies.length()) {
            int at = end + 1;
            end = cookies.indexOf(';', at);
            if (end < 0) {
                end = cookies.length();
            }
            while (at < end && cookies.charAt(at) == ' ') {
                at++;
            }
            int equals = cookies.indexOf('=', at);
            if (equals == at + name.length() && equals < end && cookies.startsWith(name, at)) {
                return unquoted(cookies.substring(equals + 1, end));
            }
        }
        return null;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
