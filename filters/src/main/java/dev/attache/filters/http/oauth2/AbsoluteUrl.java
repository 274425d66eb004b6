package dev.attache.filters.http.oauth2;

import org.jspecify.annotations.Nullable;

/**
 * A URL with scheme and host, cut where Envoy cuts it. Immutable.
 *
 * @param host with its port, without a user
 * @param rest path, query and fragment; never empty
 */
record AbsoluteUrl(String scheme, String host, String rest) {

    /** The URL, or null where it is none. */
    static @Nullable AbsoluteUrl parse(String url) {
        int colon = url.indexOf("://");
        if (colon < 1) {
            return null;
        }
        for (int i = 0; i < url.length(); i++) {
            char c = url.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (i < colon ? !letter : c <= ' ' || c == 0x7f) {
                return null;
            }
        }
        int end = end(url, colon + 3);
        String authority = url.substring(colon + 3, end);
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        if (host.isEmpty() || host.startsWith(":")) {
            return null;
        }
        return new AbsoluteUrl(
                url.substring(0, colon), host, end == url.length() ? "/" : url.substring(end));
    }

    private static int end(String url, int from) {
        for (int i = from; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c == '/' || c == '?' || c == '#') {
                return i;
            }
        }
        return url.length();
    }

    /** The host without its port, or the brackets of an address. */
    String hostname() {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? host : host.substring(1, end);
        }
        int port = host.indexOf(':');
        return port < 0 ? host : host.substring(0, port);
    }

    /** The path alone. */
    static String pathOf(String rest) {
        int end = 0;
        while (end < rest.length() && rest.charAt(end) != '?' && rest.charAt(end) != '#') {
            end++;
        }
        return rest.substring(0, end);
    }
}
