package dev.attache.proxy.router.rewrite;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.route.HeaderLevels;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.route.RouteAction.HostRewrite;
import dev.attache.proxy.route.RouteAction.PathRewrite;
import dev.attache.proxy.route.RouteAction.WeightedCluster;
import dev.attache.proxy.route.VirtualHost;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.upstream.host.Host;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * What a route does to the headers of a request before it leaves, level by level (Envoy: "Header
 * manipulation", {@code finalizeRequestHeaders}). Pure.
 */
public final class RequestFinalization {

    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString HTTPS = AsciiString.cached("https");

    private static final AsciiString TRUE = AsciiString.cached("true");
    private static final AsciiString FALSE = AsciiString.cached("false");

    private RequestFinalization() {}

    public static void request(
            Route route,
            @Nullable WeightedCluster weighted,
            Headers request,
            StreamInfo info,
            boolean suppressEnvoyHeaders) {
        FormatContext context = FormatContext.of(info, request);
        HeaderLevels.request(route, weighted, request, context);
        if (route.action() instanceof RouteAction.Forward forward) {
            String fixed = weighted == null ? null : weighted.hostRewrite();
            if (fixed != null && !fixed.isEmpty()) {
                // Envoy keeps no record of the old host here, unlike for the route's own rewrite.
                request.set(HeaderName.AUTHORITY, fixed);
            }
            rewriteHost(forward, request, context, suppressEnvoyHeaders);
            rewritePath(route, forward.pathRewrite(), request, context, suppressEnvoyHeaders);
        }
        scheme(request, info);
    }

    /** What the virtual host has upstreams be told of attempts. */
    public static void firstAttempt(Route route, Headers request) {
        if (route.virtualHost().spec().includeRequestAttemptCount()) {
            request.set(HeaderName.X_ENVOY_ATTEMPT_COUNT, 1);
        }
    }

    /**
     * @param afterTimeout the attempt before took longer than {@code per_try_timeout}
     */
    public static void furtherAttempt(
            Route route, Headers request, StreamInfo info, boolean afterTimeout) {
        VirtualHost.Spec host = route.virtualHost().spec();
        if (host.includeRequestAttemptCount()) {
            request.set(HeaderName.X_ENVOY_ATTEMPT_COUNT, info.attemptCount);
        }
        if (host.includeIsTimeoutRetry()) {
            request.set(HeaderName.X_ENVOY_IS_TIMEOUT_RETRY, afterTimeout ? TRUE : FALSE);
        }
    }

    /** Upstream goes http or https: what the client said, or else the proxy before us. */
    private static void scheme(Headers request, StreamInfo info) {
        int i = request.indexOf(HeaderName.SCHEME);
        if (i >= 0 && (request.valueEquals(i, HTTP) || request.valueEquals(i, HTTPS))) {
            return;
        }
        String before = request.getOr(HeaderName.X_FORWARDED_PROTO, "");
        boolean known = before.equalsIgnoreCase("http") || before.equalsIgnoreCase("https");
        boolean secure = info.downstream().tls() != null;
        request.set(HeaderName.SCHEME, known ? before : secure ? "https" : "http");
    }

    /** The path of a redirect: what logs and local replies see is what the location says. */
    public static void redirect(
            Route route,
            RouteAction.Redirect redirect,
            Headers request,
            StreamInfo info,
            boolean suppressEnvoyHeaders) {
        if (!(redirect.path() instanceof PathRewrite.Whole)
                && !(redirect.path() instanceof PathRewrite.Formatted)) {
            FormatContext context = FormatContext.of(info, request);
            rewritePath(route, redirect.path(), request, context, suppressEnvoyHeaders);
        }
    }

    private static void rewriteHost(
            RouteAction.Forward forward, Headers request, FormatContext context, boolean suppress) {
        String host = newHost(forward.hostRewrite(), request, context);
        if (host != null && !host.isEmpty()) {
            authority(request, host, forward.appendXForwardedHost(), suppress);
        }
    }

    private static @Nullable String newHost(
            @Nullable HostRewrite rewrite, Headers request, FormatContext context) {
        if (rewrite == null || rewrite instanceof HostRewrite.Auto) {
            return null;
        }
        if (rewrite instanceof HostRewrite.Literal(String host)) {
            return host;
        }
        if (rewrite instanceof HostRewrite.FromHeader(HeaderName header)) {
            return request.get(header);
        }
        if (rewrite instanceof HostRewrite.FromPath(var regex, String substitution)) {
            String path = request.getOr(HeaderName.PATH, "");
            int mark = path.indexOf('?');
            return regex.replaceAll(mark < 0 ? path : path.substring(0, mark), substitution);
        }
        return ((HostRewrite.Formatted) rewrite).formatter().format(context);
    }

    /** {@code auto_host_rewrite}: known only once a host is chosen. */
    public static void rewriteHostByEndpoint(
            RouteAction.Forward action, Host host, Headers request, boolean suppress) {
        if (action.hostRewrite() instanceof HostRewrite.Auto && !host.hostname().isEmpty()) {
            authority(request, host.hostname(), action.appendXForwardedHost(), suppress);
        }
    }

    /** Replaces {@code :authority}, keeping the old one where the next hop may want it. */
    public static void authority(
            Headers request, String host, boolean appendForwarded, boolean suppress) {
        String old = request.get(HeaderName.AUTHORITY);
        if (old != null && !suppress && !old.isEmpty()) {
            request.set(HeaderName.X_ENVOY_ORIGINAL_HOST, old);
        }
        if (old != null && appendForwarded && !old.isEmpty()) {
            String others = request.getOr(HeaderName.X_FORWARDED_HOST, "");
            if (!others.substring(others.lastIndexOf(',') + 1).equals(old)) {
                request.appendJoined(HeaderName.X_FORWARDED_HOST, old, ",");
            }
        }
        request.set(HeaderName.AUTHORITY, host);
    }

    private static void rewritePath(
            Route route,
            @Nullable PathRewrite rewrite,
            Headers request,
            FormatContext context,
            boolean suppress) {
        String path = rewrite == null ? null : request.get(HeaderName.PATH);
        if (path == null || rewrite == null) {
            return;
        }
        int mark = path.indexOf('?');
        String bare = mark < 0 ? path : path.substring(0, mark);
        String changed =
                rewrite instanceof PathRewrite.Formatted(var formatter)
                        ? formatter.formatOmittingEmpty(context)
                        : PathRewriting.rewrite(rewrite, route.spec().match().path(), bare);
        if (changed == null || changed.isEmpty()) {
            return;
        }
        if (!suppress) {
            request.set(HeaderName.X_ENVOY_ORIGINAL_PATH, path);
        }
        request.set(HeaderName.PATH, mark < 0 ? changed : changed + path.substring(mark));
    }
}
