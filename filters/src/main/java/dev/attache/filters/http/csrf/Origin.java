package dev.attache.filters.http.csrf;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;

/** Where a request comes from and where it goes, as host and port. Stateless. */
final class Origin {
    private static final HeaderName ORIGIN = HeaderName.of("origin");
    private static final HeaderName REFERER = HeaderName.of("referer");

    private Origin() {}

    /** What Origin says, else Referer; empty where a browser does not tell. */
    static String source(Headers request) {
        String origin = request.getOr(ORIGIN, "");
        if (origin.isEmpty()) {
            return hostAndPort(request.getOr(REFERER, ""));
        }
        return origin.equals("null") ? "" : hostAndPort(origin);
    }

    static String target(Headers request) {
        return hostAndPort(request.getOr(HeaderName.AUTHORITY, ""));
    }

    /**
     * Of a URL; what is none stays as it is, for Envoy also one without a host, with a fragment
     * right behind it, or with two at signs.
     */
    static String hostAndPort(String value) {
        int scheme = value.indexOf("://");
        if (scheme <= 0) {
            return value;
        }
        int begin = scheme + 3;
        int end = begin;
        while (end < value.length() && "/?#".indexOf(value.charAt(end)) < 0) {
            end++;
        }
        int user = value.indexOf('@', begin);
        int host = user >= 0 && user < end ? user + 1 : begin;
        boolean whole =
                host == end
                        || value.lastIndexOf('@', end - 1) >= host
                        || end < value.length() && value.charAt(end) == '#';
        return whole ? value : value.substring(host, end);
    }
}
