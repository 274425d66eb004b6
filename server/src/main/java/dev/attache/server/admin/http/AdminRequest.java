package dev.attache.server.admin.http;

import dev.attache.proxy.network.http.request.PathCanonicalization;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request to the administration interface. Immutable.
 *
 * @param headers by their names in lower case; of several with one name the first
 * @param body as text; empty where there is none
 */
public record AdminRequest(
        String method,
        String path,
        Map<String, String> query,
        Map<String, String> headers,
        String body) {

    /** Without header fields, as whoever asks within the process has none. */
    public static AdminRequest of(String method, String target) {
        return of(method, target, Map.of());
    }

    /**
     * Of several parameters with one name the first counts; the path is normalised as Envoy does.
     *
     * @param target path and query as they came
     * @param headers by their names in lower case
     */
    public static AdminRequest of(String method, String target, Map<String, String> headers) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        Map<String, String> query = new LinkedHashMap<>();
        if (mark >= 0) {
            for (String pair : target.substring(mark + 1).split("&", -1)) {
                if (!pair.isEmpty()) {
                    int equals = pair.indexOf('=');
                    String key = equals < 0 ? pair : pair.substring(0, equals);
                    query.putIfAbsent(
                            decode(key), equals < 0 ? "" : decode(pair.substring(equals + 1)));
                }
            }
        }
        return new AdminRequest(method, normalised(path), query, headers, "");
    }

    private static String normalised(String path) {
        String canonical = PathCanonicalization.canonical(path);
        String known = canonical == null ? path : canonical;
        return known.indexOf('%') < 0 ? known.replaceAll("/{2,}", "/") : decode(known);
    }

    /** What is not valid percent-encoding stands for itself. */
    private static String decode(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException invalid) {
            return text;
        }
    }

    /** The same with a body. */
    public AdminRequest withBody(String text) {
        return new AdminRequest(method, path, query, headers, text);
    }

    public boolean has(String parameter) {
        return query.containsKey(parameter);
    }

    public @Nullable String get(String parameter) {
        return query.get(parameter);
    }

    /**
     * A header field's value, or null.
     *
     * @param name in lower case
     */
    public @Nullable String header(String name) {
        return headers.get(name);
    }
}
