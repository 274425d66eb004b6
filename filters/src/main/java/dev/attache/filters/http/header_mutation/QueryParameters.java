package dev.attache.filters.http.header_mutation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The query of one path while it is changed, as Envoy does it: keys and values are decoded when
 * they are read and are written as they are then, sorted by key, each with an equals sign. Other
 * than in Envoy what cannot stand in a path (blanks, controls) is encoded again: it would end the
 * path in HTTP/1. Octets throughout. Confined to one call.
 */
final class QueryParameters {
    private static final String HEX = "0123456789ABCDEF";

    private final Map<String, List<String>> values = new TreeMap<>();

    /** Those of a path, which may have none. */
    static QueryParameters of(String path) {
        QueryParameters parameters = new QueryParameters();
        int mark = path.indexOf('?');
        int at = mark < 0 ? path.length() : mark + 1;
        while (at < path.length()) {
            int end = path.indexOf('&', at);
            end = end < 0 ? path.length() : end;
            int equals = path.indexOf('=', at);
            equals = equals < 0 || equals > end ? end : equals;
            parameters.add(
                    decode(path.substring(at, equals)),
                    decode(path.substring(Math.min(equals + 1, end), end)));
            at = end + 1;
        }
        return parameters;
    }

    boolean contains(String key) {
        return values.containsKey(key);
    }

    void add(String key, String value) {
        values.computeIfAbsent(key, any -> new ArrayList<>(1)).add(value);
    }

    void remove(String key) {
        values.remove(key);
    }

    /** {@code path} with these in place of its own. */
    String in(String path) {
        int mark = path.indexOf('?');
        StringBuilder out = new StringBuilder(path.length() + 32);
        out.append(path, 0, mark < 0 ? path.length() : mark);
        char separator = '?';
        for (Map.Entry<String, List<String>> entry : values.entrySet()) {
            for (String value : entry.getValue()) {
                write(entry.getKey(), out.append(separator));
                write(value, out.append('='));
                separator = '&';
            }
        }
        return out.toString();
    }

    private static void write(String octets, StringBuilder out) {
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (c <= ' ' || c == 0x7f) {
                escape(c, out);
            } else {
                out.append(c);
            }
        }
    }

    private static void escape(char octet, StringBuilder out) {
        out.append('%').append(HEX.charAt(octet >> 4 & 0xf)).append(HEX.charAt(octet & 0xf));
    }

    /** {@code %XX} for every octet but letters, digits and {@code * - . _}. */
    static String encode(String octets) {
        StringBuilder out = null;
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (isPlain(c)) {
                if (out != null) {
                    out.append(c);
                }
                continue;
            }
            if (out == null) {
                out = new StringBuilder(octets.length() + 16).append(octets, 0, i);
            }
            escape(c, out);
        }
        return out == null ? octets : out.toString();
    }

    private static boolean isPlain(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '*'
                || c == '-'
                || c == '.'
                || c == '_';
    }

    /** Every {@code %XX} becomes its octet; what is none stays as it is, and so does a plus. */
    private static String decode(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + 2 < text.length() ? digit(text.charAt(i + 1)) : -1;
            int low = high < 0 ? -1 : digit(text.charAt(i + 2));
            if (low < 0) {
                out.append(c);
            } else {
                out.append((char) (high << 4 | low));
                i += 2;
            }
        }
        return out.toString();
    }

    private static int digit(char c) {
        return c < 0x80 ? Character.digit(c, 16) : -1;
    }
}
