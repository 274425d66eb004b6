package dev.attache.proxy.router;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction.InternalRedirect;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stream.StreamInfo;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether a redirect of the upstream is followed inside ({@code internal_redirect_policy}), and the
 * request that follows it. A request that is not sent on is left as it was. Loop-confined.
 */
final class InternalRedirects {

    /** RFC 9110 section 15.4.4: what follows is a GET without a body. */
    private static final int SEE_OTHER = 303;

    private final RouterFactory factory;
    private final FilterContext context;
    private final InternalRedirect policy;

    InternalRedirects(RouterFactory factory, FilterContext context, InternalRedirect policy) {
        this.factory = factory;
        this.context = context;
        this.policy = policy;
    }

    /** An absolute URL as far as a redirect needs it. */
    private record Target(String scheme, String authority, String path) {

        static @Nullable Target parse(String url) {
            int mark = url.indexOf("://");
            if (mark <= 0 || !url.substring(0, mark).chars().allMatch(Character::isLetterOrDigit)) {
                return null;
            }
            int host = mark + 3;
            int end = host;
            while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
                end++;
            }
            int fragment = url.indexOf('#');
            String rest = url.substring(end, fragment < 0 ? url.length() : fragment);
            String authority = url.substring(host, end);
            return authority.isEmpty()
                    ? null
                    : new Target(
                            url.substring(0, mark),
                            authority,
                            rest.startsWith("/") ? rest : "/" + rest);
        }
    }

    /**
     * Starts the stream again with the request that follows the redirect; false: pass the response
     * on.
     *
     * @param body of the request, or null where it is not whole
     */
    boolean follow(Headers response, int status, @Nullable RequestBody body) {
        if (body == null || !prepare(response, status)) {
            return false;
        }
        context.recreateStream(status == SEE_OTHER ? null : body.copy(), response);
        return true;
    }

    /** Changes the request into the one that follows the redirect; false: pass the response on. */
    private boolean prepare(Headers response, int status) {
        String location = response.get(HeaderName.LOCATION);
        Headers request = context.requestHeaders();
        String path = request.get(HeaderName.PATH);
        if (location == null || path == null) {
            return false;
        }
        Target target = Target.parse(location);
        if (target == null) {
            return refused(factory.counts().redirectBadLocation);
        }
        boolean http =
                "http".equalsIgnoreCase(request.getOr(HeaderName.SCHEME, ""))
                        || context.info().downstream().tls() == null;
        boolean toHttp = target.scheme().equalsIgnoreCase("http");
        if (!policy.allowCrossScheme() && http != toHttp) {
            return refused(factory.counts().redirectUnsafeScheme);
        }
        if (context.info().internalRedirects >= policy.maxRedirects()) {
            return refused(factory.counts().redirectTooMany);
        }
        String host = request.getOr(HeaderName.AUTHORITY, "");
        if (!moveTo(target, request, http, toHttp)) {
            return false;
        }
        seeOther(request, status);
        context.info().internalRedirects++;
        String original = (http ? "http://" : "https://") + host + path;
        request.set(HeaderName.X_ENVOY_ORIGINAL_URL, original);
        for (HeaderName copied : policy.responseHeadersToCopy()) {
            String value = response.get(copied);
            if (value == null) {
                request.remove(copied);
            } else {
                request.set(copied, value);
            }
        }
        return true;
    }

    /**
     * Takes the target's place and looks whether there is a route; goes back where there is not.
     */
    private boolean moveTo(Target target, Headers request, boolean http, boolean toHttp) {
        String from = context.info().routeName;
        String scheme = request.get(HeaderName.SCHEME);
        String host = request.get(HeaderName.AUTHORITY);
        String path = request.get(HeaderName.PATH);
        put(request, target.scheme(), target.authority(), target.path());
        context.clearRoute();
        Route route = context.route();
        Cell refusal = null;
        if (route == null) {
            refusal = factory.counts().redirectNoRoute;
        } else if (!accepts(from, route, http, toHttp)) {
            refusal = factory.counts().redirectPredicate;
        }
        if (refusal == null) {
            return true;
        }
        put(request, scheme, host, path);
        context.clearRoute();
        return refused(refusal);
    }

    private static void put(
            Headers request,
            @Nullable String scheme,
            @Nullable String host,
            @Nullable String path) {
        set(request, HeaderName.SCHEME, scheme);
        set(request, HeaderName.AUTHORITY, host);
        set(request, HeaderName.PATH, path);
    }

    private static void set(Headers request, HeaderName name, @Nullable String value) {
        if (value == null) {
            request.remove(name);
        } else {
            request.set(name, value);
        }
    }

    private boolean accepts(String from, Route route, boolean http, boolean toHttp) {
        String to = route.spec().name();
        if (!policy.allowedRoutes().isEmpty() && !policy.allowedRoutes().contains(to)) {
            return false;
        }
        if (policy.onlySafeCrossScheme() && http && !toHttp) {
            return false;
        }
        if (!policy.refusePreviousRoutes()) {
            return true;
        }
        StreamInfo info = context.info();
        if (info.redirectedRoutes == null) {
            info.redirectedRoutes = new HashSet<>();
        }
        return info.redirectedRoutes.add(from + '\n' + to);
    }

    private static void seeOther(Headers request, int status) {
        String method = request.getOr(HeaderName.METHOD, "");
        if (status == SEE_OTHER && !method.equals("GET") && !method.equals("HEAD")) {
            request.set(HeaderName.METHOD, "GET");
            request.remove(HeaderName.CONTENT_LENGTH);
        }
    }

    private static boolean refused(Cell counter) {
        counter.inc();
        return false;
    }
}
