package dev.attache.filters.wire;

import dev.attache.proxy.http.PercentEncoding;
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
public final class QueryParameters {
    private final Map<String, List<String>> values = new TreeMap<>();

    /** Those of a path, which may have none. */
    public static QueryParameters of(String path) {
        QueryParameters parameters = new QueryParameters();
        int mark = path.indexOf('?');
        int at = mark < 0 ? path.length() : mark + 1;
        while (at < path.length()) {
            int end = path.indexOf('&', at);
            end = end < 0 ? path.length() : end;
            int equals = path.indexOf('=', at, end);
            equals = equals < 0 ? end : equals;
            parameters.add(
                    PercentEncoding.decoded(path.substring(at, equals)),
                    PercentEncoding.decoded(path.substring(Math.min(equals + 1, end), end)));
            at = end + 1;
        }
        return parameters;
    }

    public boolean contains(String key) {
        return values.containsKey(key);
    }

    public void add(String key, String value) {
        values.computeIfAbsent(key, any -> new ArrayList<>(1)).add(value);
    }

    public void remove(String key) {
        values.remove(key);
    }

    /** {@code path} with these in place of its own. */
    public String in(String path) {
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
                PercentEncoding.append(out, c);
            } else {
                out.append(c);
            }
        }
    }

    /** {@code %XX} for every octet but letters, digits and {@code * - . _}. */
    public static String encode(String octets) {
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
            PercentEncoding.append(out, c);
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
}
