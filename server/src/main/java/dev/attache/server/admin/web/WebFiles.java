package dev.attache.server.admin.web;

import dev.attache.server.admin.http.AdminBody;
import dev.attache.server.admin.http.AdminResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The page's files, in the jar below {@code web}. Read each time they are asked for, so that none
 * of them is in memory while nobody looks. Only those listed here exist, whatever a path says.
 */
final class WebFiles {

    static final String START = "index.html";

    /** Nothing but what comes from here runs, is shown, or is asked; and nobody frames it. */
    static final Map<String, String> SECURITY =
            Map.of(
                    "content-security-policy",
                    "default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none';"
                            + " frame-ancestors 'none'; require-trusted-types-for 'script'",
                    "x-content-type-options",
                    "nosniff",
                    "x-frame-options",
                    "DENY",
                    "referrer-policy",
                    "no-referrer",
                    "cross-origin-opener-policy",
                    "same-origin",
                    "cross-origin-resource-policy",
                    "same-origin");

    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html; charset=UTF-8",
                    "css", "text/css; charset=UTF-8",
                    "js", "text/javascript; charset=UTF-8",
                    "svg", "image/svg+xml");

    private static final Set<String> NAMES =
            Set.of(
                    START,
                    "page.css",
                    "icon.svg",
                    "page.js",
                    "ask.js",
                    "build.js",
                    "chart.js",
                    "signals.js",
                    "overview.js",
                    "listeners.js",
                    "routes.js",
                    "clusters.js",
                    "cluster.js",
                    "certificates.js",
                    "xds.js",
                    "explain.js",
                    "control.js");

    private WebFiles() {}

    static boolean has(String name) {
        return NAMES.contains(name);
    }

    /** One of those that {@linkplain #has exist}, or null. */
    static @Nullable AdminResponse read(String name) {
        try (InputStream in = WebFiles.class.getResourceAsStream("/web/" + name)) {
            if (!has(name) || in == null) {
                return null;
            }
            byte[] content = in.readAllBytes();
            String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
            return new AdminResponse(200, String.valueOf(type), once(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static AdminBody once(byte[] content) {
        boolean[] given = {false};
        return () -> {
            boolean over = given[0];
            given[0] = true;
            return over ? null : content;
        };
    }
}
