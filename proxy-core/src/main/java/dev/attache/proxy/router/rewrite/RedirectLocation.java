package dev.attache.proxy.router.rewrite;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.Formatter;

/**
 * The {@code location} of an answer that a route gives itself ({@code Http::Utility::newUri}); the
 * request's path has been rewritten already. Pure.
 */
public final class RedirectLocation {

    private RedirectLocation() {}

    /** What a redirect makes of the request's URL. */
    public static String of(RouteAction.Redirect redirect, Headers request, StreamInfo info) {
        String scheme = redirect.scheme() != null ? redirect.scheme() : scheme(request);
        String host =
                redirect.host() != null
                        ? redirect.host()
                        : host(request, scheme, redirect.port() != 0);
        String port = redirect.port() != 0 ? ":" + redirect.port() : "";
        return scheme + "://" + host + port + path(redirect, request, info);
    }

    /** The request's own URL. */
    public static String of(Headers request) {
        String scheme = scheme(request);
        String path = request.getOr(HeaderName.PATH, "");
        return scheme
                + "://"
                + host(request, scheme, false)
                + (path.startsWith("/") ? "" : "/")
                + path;
    }

    /** What {@code require_tls} makes of it: the port stays, whatever it is. */
    public static String overTls(Headers request) {
        return "https://"
                + request.getOr(HeaderName.AUTHORITY, "")
                + request.getOr(HeaderName.PATH, "");
    }

    private static String scheme(Headers request) {
        return request.getOr(HeaderName.SCHEME, "http");
    }

    /** The port goes where another is given, or where it was the old scheme's own. */
    private static String host(Headers request, String scheme, boolean otherPort) {
        String authority = request.getOr(HeaderName.AUTHORITY, "");
        int colon = portColon(authority);
        if (colon < 0) {
            return authority;
        }
        String before = request.getOr(HeaderName.X_FORWARDED_PROTO, "");
        String port = authority.substring(colon);
        boolean ofScheme =
                (before.equals("http") && port.equals(":80"))
                        || (before.equals("https") && port.equals(":443"));
        boolean goes = otherPort || (ofScheme && !scheme.equals(before));
        return goes ? authority.substring(0, colon) : authority;
    }

    private static int portColon(String authority) {
        if (!authority.startsWith("[")) {
            return authority.lastIndexOf(':');
        }
        int close = authority.lastIndexOf("]:");
        return close < 0 ? -1 : close + 1;
    }

    private static String path(RouteAction.Redirect redirect, Headers request, StreamInfo info) {
        String current = request.getOr(HeaderName.PATH, "");
        int mark = current.indexOf('?');
        String path = current;
        String whole = whole(redirect, request, info);
        if (!whole.isEmpty()) {
            if (whole.contains("?")) {
                return withSlash(whole);
            }
            path = mark < 0 ? whole : whole + current.substring(mark);
        }
        path = withSlash(path);
        int query = redirect.stripQuery() ? path.indexOf('?') : -1;
        return query < 0 ? path : path.substring(0, query);
    }

    /** The new path where it is told as a whole, or empty. */
    private static String whole(RouteAction.Redirect redirect, Headers request, StreamInfo info) {
        if (redirect.path() instanceof RouteAction.PathRewrite.Whole(String path)) {
            return path;
        }
        return redirect.path() instanceof RouteAction.PathRewrite.Formatted(Formatter formatter)
                ? formatter.formatOmittingEmpty(FormatContext.of(info, request))
                : "";
    }

    private static String withSlash(String path) {
        return path.startsWith("/") ? path : "/" + path;
    }
}
