package dev.attache.proxy.route;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.MatchTree;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.ratelimit.RateLimitPolicy;
import dev.attache.proxy.route.match.PathMatcher;
import dev.attache.proxy.route.match.RouteMatcher;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One virtual host: its routes in order, behind an index, or a matcher that picks some of them.
 * Immutable, any thread.
 */
public final class VirtualHost {

    /** {@code require_tls}, decided on x-forwarded-proto. */
    public enum TlsRequirement {
        NONE,
        EXTERNAL_ONLY,
        ALL
    }

    /**
     * {@code envoy.config.route.v3.VirtualHost} without its routes.
     *
     * @param requestBodyBufferLimit bytes, -1 = the connection's
     * @param virtualClusters in order, the first that matches counts
     * @param rateLimits what requests count as, for rate limit filters
     */
    public record Spec(
            String name,
            List<String> domains,
            TlsRequirement requireTls,
            HeaderMutations requestHeaders,
            HeaderMutations responseHeaders,
            boolean includeRequestAttemptCount,
            boolean includeAttemptCountInResponse,
            boolean includeIsTimeoutRetry,
            long requestBodyBufferLimit,
            Metadata metadata,
            List<VirtualCluster> virtualClusters,
            List<RateLimitPolicy> rateLimits) {
        public Spec {
            domains = List.copyOf(domains);
            virtualClusters = List.copyOf(virtualClusters);
            rateLimits = List.copyOf(rateLimits);
        }
    }

    private static final AsciiString HTTPS = AsciiString.cached("https");
    private static final RouteAction.Redirect TO_HTTPS =
            new RouteAction.Redirect("https", null, 0, null, 301, false);

    private final Spec spec;
    private final RouteTable.Spec table;
    private final RouteIndex routes;
    private final @Nullable MatchTree<HttpMatchData, RouteChoice> matcher;
    private final @Nullable Route toHttps;

    VirtualHost(RouteTable.HostRoutes host, RouteTable.Spec table) {
        this.spec = host.host();
        this.table = table;
        this.routes = index(host.routes());
        RouteChoice.Matcher choices = host.matcher();
        this.matcher = choices == null ? null : choices.tree();
        if (choices != null) {
            for (RouteChoice choice : choices.choices()) {
                choice.attach(index(choice.specs()));
            }
        }
        this.toHttps = spec.requireTls == TlsRequirement.NONE ? null : redirect();
    }

    private RouteIndex index(List<Route.Spec> specs) {
        List<Route> attached = new ArrayList<>(specs.size());
        for (Route.Spec each : specs) {
            Route route = new Route(each);
            route.attach(this);
            attached.add(route);
        }
        return new RouteIndex(attached, table.ignorePathParametersInPathMatching());
    }

    private Route redirect() {
        Route route =
                new Route(
                        Route.Spec.of(
                                "", RouteMatcher.of(new PathMatcher.Prefix("/", true)), TO_HTTPS));
        route.attach(this);
        return route;
    }

    public Spec spec() {
        return spec;
    }

    /** The configuration around it. */
    public RouteTable.Spec table() {
        return table;
    }

    /** In order; none where a matcher picks them. */
    public List<Route> routes() {
        return routes.all();
    }

    /** The virtual cluster that a request counts for, or null where the host has none at all. */
    public @Nullable VirtualCluster virtualCluster(Headers request) {
        List<VirtualCluster> clusters = spec.virtualClusters;
        for (int i = 0; i < clusters.size(); i++) {
            if (clusters.get(i).matches(request)) {
                return clusters.get(i);
            }
        }
        return clusters.isEmpty() ? null : VirtualCluster.OTHER;
    }

    @Nullable Route match(Headers request, StreamInfo info) {
        if (redirectsToHttps(request, info)) {
            return toHttps;
        }
        if (matcher == null) {
            return routes.match(request, info);
        }
        RouteChoice choice = matcher.pick(FormatContext.of(info, request));
        return choice == null ? null : choice.match(request, info);
    }

    private boolean redirectsToHttps(Headers request, StreamInfo info) {
        return spec.requireTls != TlsRequirement.NONE
                && !cameByTls(request)
                && (spec.requireTls == TlsRequirement.ALL || !info.internalRequest);
    }

    /** Says of each route before the one that {@link #match} answers why it is not. */
    void explain(Headers request, StreamInfo info, Explanation into) {
        if (redirectsToHttps(request, info)) {
            into.part("virtual_host")
                    .say("require_tls", spec.requireTls.name())
                    .say("tls", "the request did not come by https: it is sent there");
            return;
        }
        if (matcher == null) {
            routes.explain(request, info, into);
            return;
        }
        FormatContext seen = FormatContext.of(info, request);
        matcher.explain(seen, into.part("virtual_host").part("matcher"));
        RouteChoice choice = matcher.pick(seen);
        if (choice != null) {
            choice.explain(request, info, into);
        }
    }

    /** That route is the answer to a request that came without TLS; it has no header operations. */
    public boolean isTlsRedirect(Route route) {
        return route == toHttps;
    }

    private static boolean cameByTls(Headers request) {
        int i = request.indexOf(HeaderName.X_FORWARDED_PROTO);
        return i >= 0 && request.valueEquals(i, HTTPS);
    }
}
