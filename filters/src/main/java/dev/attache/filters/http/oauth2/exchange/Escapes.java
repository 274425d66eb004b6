package dev.attache.filters.http.oauth2.exchange;

import dev.attache.proxy.http.PercentEncoding;

/** The ways in which Envoy writes values into queries and forms. Octets in and out. Stateless. */
public final class Escapes {

    private static final String FORM = ":/=&?+";

    private Escapes() {}

    /** As in a query: all but what RFC 3986 calls unreserved. */
    public static String query(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isUnreserved(c)) {
                out.append(c);
            } else {
                PercentEncoding.append(out, c);
            }
        }
        return out.toString();
    }

    private static boolean isUnreserved(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '_'
                || c == '.'
                || c == '~';
    }

    /** As in the body of a token request: a space and a percent sign stay, as they do in Envoy. */
    static String form(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= '~' || FORM.indexOf(c) >= 0) {
                PercentEncoding.append(out, c);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
