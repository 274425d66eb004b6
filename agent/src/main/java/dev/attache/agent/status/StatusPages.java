package dev.attache.agent.status;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Paths and what answers there, as Go's {@code http.ServeMux} finds it: a path that ends in a slash
 * stands for all below it, the longest wins; one that is not clean is redirected. Filled before it
 * is used; then any thread.
 */
public final class StatusPages {

    private final Map<String, StatusPage> pages = new TreeMap<>();

    public StatusPages add(String path, StatusPage page) {
        pages.put(path, page);
        return this;
    }

    void answer(StatusRequest request, StatusReply reply) throws IOException {
        String path = request.path();
        String clean = clean(path);
        String target =
                pages.containsKey(clean + "/") && !pages.containsKey(clean) ? clean + "/" : clean;
        if (!target.equals(path)) {
            redirect(target, request, reply);
            return;
        }
        StatusPage page = find(path);
        if (page == null) {
            reply.error(404, "404 page not found");
        } else {
            page.answer(request, reply);
        }
    }

    private @org.jspecify.annotations.Nullable StatusPage find(String path) {
        StatusPage exact = pages.get(path);
        if (exact != null) {
            return exact;
        }
        for (int slash = path.lastIndexOf('/');
                slash > 0;
                slash = path.lastIndexOf('/', slash - 1)) {
            StatusPage below = pages.get(path.substring(0, slash + 1));
            if (below != null) {
                return below;
            }
        }
        return null;
    }

    /** As Go's {@code cleanPath}: no dots, no doubled slashes; a slash at the end stays. */
    private static String clean(String path) {
        java.util.ArrayDeque<String> parts = new java.util.ArrayDeque<>();
        for (String part : path.split("/")) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        String clean = "/" + String.join("/", parts);
        return path.endsWith("/") && clean.length() > 1 ? clean + "/" : clean;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&#34;")
                .replace("'", "&#39;");
    }

    private static void redirect(String path, StatusRequest request, StatusReply reply)
            throws IOException {
        String to = request.query().isEmpty() ? path : path + "?" + request.query();
        reply.field("Location", to);
        reply.status(307);
        if (request.method().equals("GET") || request.method().equals("HEAD")) {
            reply.field("Content-Type", "text/html; charset=utf-8");
            reply.text(307, "<a href=\"" + escaped(to) + "\">Temporary Redirect</a>.\n\n");
        }
    }
}
