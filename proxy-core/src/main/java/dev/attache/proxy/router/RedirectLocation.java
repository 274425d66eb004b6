package dev.attache.proxy.router;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.route.PathMatcher;
import dev.attache.proxy.route.RouteAction;

/** The {@code location} of a redirect route ({@code RouteEntryImplBase::newUri}). Pure. */
final class RedirectLocation {

    private RedirectLocation() {}

    static String of(RouteAction.Redirect redirect, PathMatcher matched, Headers request) {
        String oldScheme = request.getOr(HeaderName.SCHEME, "http");
        String scheme = redirect.scheme() != null ? redirect.scheme() : oldScheme;
        String authority = request.getOr(HeaderName.AUTHORITY, "");
        String host = redirect.host() != null ? redirect.host() : hostPart(authority);
        String port = port(redirect, authority, oldScheme, scheme);
        return scheme + "://" + host + port + path(redirect, matched, request);
    }

    private static int portColon(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon < 0 || colon < authority.lastIndexOf(']') ? -1 : colon;
    }

    private static String hostPart(String authority) {
        int colon = portColon(authority);
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    /** The port goes when the scheme changes and it was the old scheme's own. */
    private static String port(
            RouteAction.Redirect redirect, String authority, String oldScheme, String scheme) {
        if (redirect.port() != 0) {
            return ":" + redirect.port();
        }
        int colon = portColon(authority);
        if (colon < 0 || redirect.host() != null) {
            return "";
        }
        String port = authority.substring(colon);
        boolean changed = !scheme.equals(oldScheme);
        boolean defaultOfOld =
                (oldScheme.equals("http") && port.equals(":80"))
                        || (oldScheme.equals("https") && port.equals(":443"));
        return changed && defaultOfOld ? "" : port;
    }

    private static String path(
            RouteAction.Redirect redirect, PathMatcher matched, Headers request) {
        String current = request.getOr(HeaderName.PATH, "/");
        int mark = current.indexOf('?');
        String query = mark < 0 || redirect.stripQuery() ? "" : current.substring(mark);
        if (redirect.path() == null) {
            return mark < 0 || !redirect.stripQuery() ? current : current.substring(0, mark);
        }
        if (redirect.path() instanceof RouteAction.PathRewrite.Whole whole) {
            return whole.path().contains("?") ? whole.path() : whole.path() + query;
        }
        String bare = mark < 0 ? current : current.substring(0, mark);
        String changed = PathRewriting.rewrite(redirect.path(), matched, bare);
        return changed == null ? bare + query : changed + query;
    }
}
