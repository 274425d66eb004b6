package dev.attache.filters.http.api_key_auth;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;

/** The cookies of a request but one, as Envoy writes them down again. Stateless. */
final class RemainingCookies {
    private RemainingCookies() {}

    /** In one line, values without quotes; those without an equals sign are left out too. */
    static String without(String name, Headers request) {
        StringBuilder left = new StringBuilder();
        for (int i = request.indexOf(HeaderName.COOKIE);
                i >= 0;
                i = request.indexOf(HeaderName.COOKIE, i + 1)) {
            for (String cookie : request.value(i).split(";", -1)) {
                keep(cookie, name, left);
            }
        }
        return left.toString();
    }

    private static void keep(String cookie, String name, StringBuilder left) {
        int at = 0;
        while (at < cookie.length() && cookie.charAt(at) == ' ') {
            at++;
        }
        int equals = cookie.indexOf('=', at);
        if (equals < 0 || cookie.substring(at, equals).equals(name)) {
            return;
        }
        if (!left.isEmpty()) {
            left.append("; ");
        }
        left.append(cookie, at, equals + 1).append(unquoted(cookie.substring(equals + 1)));
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
