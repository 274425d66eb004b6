package dev.attache.proxy.route;

import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.route.match.RouteMatcher;
import dev.attache.proxy.tracing.RouteTracing;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One route with everything that its virtual host and table add, so that nothing is looked up per
 * request. Immutable apart from the back reference that {@link VirtualHost} sets once.
 */
public final class Route {

    private final Spec spec;
    private @Nullable VirtualHost virtualHost;

    /**
     * {@code envoy.config.route.v3.Route}.
     *
     * @param perFilterConfig by the filter's name in the chain; merged from route configuration,
     *     virtual host and route, the most specific entry winning
     * @param decoratorOperation what spans are called; null = nothing
     * @param decoratorPropagates peers are told so, too
     * @param tracing what holds in the connection manager's place, or null
     */
    public record Spec(
            String name,
            RouteMatcher match,
            RouteAction action,
            Metadata metadata,
            HeaderMutations requestHeaders,
            HeaderMutations responseHeaders,
            Map<String, FilterOverride> perFilterConfig,
            @Nullable String decoratorOperation,
            boolean decoratorPropagates,
            @Nullable RouteTracing tracing,
            String statPrefix) {
        public Spec {
            perFilterConfig = Map.copyOf(perFilterConfig);
        }

        /** A route with no more than a match and an action. */
        public static Spec of(String name, RouteMatcher match, RouteAction action) {
            return new Spec(
                    name,
                    match,
                    action,
                    Metadata.EMPTY,
                    HeaderMutations.NONE,
                    HeaderMutations.NONE,
                    Map.of(),
                    null,
                    true,
                    null,
                    "");
        }
    }

    Route(Spec spec) {
        this.spec = spec;
    }

    void attach(VirtualHost owner) {
        this.virtualHost = owner;
    }

    public Spec spec() {
        return spec;
    }

    public RouteAction action() {
        return spec.action();
    }

    public VirtualHost virtualHost() {
        if (virtualHost == null) {
            throw new IllegalStateException("route of no virtual host");
        }
        return virtualHost;
    }
}
