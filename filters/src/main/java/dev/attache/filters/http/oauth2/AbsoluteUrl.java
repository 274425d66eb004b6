package dev.attache.filters.http.oauth2;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URL with scheme and host, cut where Envoy cuts it. Its authority is one of RFC 3986, section
 * 3.2, and no more: where a reader could see another host than this one does, it is none.
 * Immutable.
 *
 * @param host with its port, without a user
 * @param rest path, query and fragment; never empty
 */
record AbsoluteUrl(String scheme, String host, String rest) {

    private static final Pattern AUTHORITY =
            Pattern.compile(
                    "(?:[A-Za-z0-9._~!$&'()*+,;=:%-]*@)?"
                            + "((?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(?::([0-9]{1,5}))?)");

    private static final int MAX_PORT = 65535;

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
        String host = host(url.substring(colon + 3, end));
        if (host == null) {
            return null;
        }
        return new AbsoluteUrl(
                url.substring(0, colon), host, end == url.length() ? "/" : url.substring(end));
    }

    /** With its port; null where the authority is none. */
    private static @Nullable String host(String authority) {
        Matcher parts = AUTHORITY.matcher(authority);
        if (!parts.matches()) {
            return null;
        }
        String port = parts.group(2);
        return port != null && Integer.parseInt(port) > MAX_PORT ? null : parts.group(1);
    }

    private static int end(String url, int from) {
        for (int i = from; i < url.length(); i++) {
            char c = url.charAt(i);
            if (c == '/' || c == '?') {
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
