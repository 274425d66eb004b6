package dev.attache.server.admin.web;

import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.flags.ServerOptions.WebOptions;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which requests the page's paths take. A browser that shows somebody else's page carries its
 * requests too: that page may have had its own name resolve to this address (DNS rebinding, which
 * the Host field gives away), or may send here what needs no permission (a form, an image: Fetch
 * Metadata and Origin say whence). Pure.
 *
 * <p>Facts: RFC 9110 section 7.2, the Fetch standard's sections on Origin and on CORS-safelisted
 * requests, W3C Fetch Metadata Request Headers.
 */
final class WebGuard {

    /** No form can send it, and a script of another origin only with leave that nobody gives. */
    static final String PAGE_HEADER = "x-attache-ui";

    private static final Pattern ADDRESS =
            Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.%]+]");

    private final WebOptions settings;

    WebGuard(WebOptions settings) {
        this.settings = settings;
    }

    /** Why nobody may have even the page's files, or null. */
    @Nullable String ofAny(AdminRequest request) {
        String host = request.header("host");
        if (host != null && isKnown(name(host))) {
            return null;
        }
        return "the page is not served under the name '"
                + (host == null ? "" : host)
                + "'; ask for it by address or as localhost, or name it in --admin-ui-hosts\n";
    }

    /** Why a request for data is refused, or null. */
    @Nullable String ofData(AdminRequest request) {
        String site = request.header("sec-fetch-site");
        return site == null || site.equals("same-origin") || site.equals("none")
                ? null
                : "another site asks (sec-fetch-site: " + site + ")\n";
    }

    /** Why a request to change something is refused, or null. */
    @Nullable String ofAction(AdminRequest request) {
        if (!settings.writes()) {
            return "the page changes nothing: start with --admin-ui-writes to let it\n";
        }
        if (!request.method().equals("POST")) {
            return "POST required\n";
        }
        if (!"1".equals(request.header(PAGE_HEADER))) {
            return "the header field " + PAGE_HEADER + ": 1 is missing\n";
        }
        String site = request.header("sec-fetch-site");
        if (site != null && !site.equals("same-origin")) {
            return "another site asks (sec-fetch-site: " + site + ")\n";
        }
        String origin = request.header("origin");
        return origin == null || isOwn(origin, request.header("host"))
                ? null
                : "another site asks (origin: " + origin + ")\n";
    }

    private static boolean isOwn(String origin, @Nullable String host) {
        return origin.equals("http://" + host) || origin.equals("https://" + host);
    }

    private boolean isKnown(String name) {
        List<String> hosts = settings.hosts();
        return ADDRESS.matcher(name).matches()
                || name.equals("localhost")
                || name.endsWith(".localhost")
                || hosts.stream().anyMatch(known -> known.equalsIgnoreCase(name));
    }

    /** Without the port. */
    private static String name(String host) {
        int colon = host.lastIndexOf(':');
        boolean port = colon >= 0 && host.indexOf(']', colon) < 0;
        return (port ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
    }
}
