package dev.attache.proxy.route;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.MatchTree;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.stream.StreamInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a virtual host's matcher picks: routes, of which the first that matches is taken. Immutable
 * apart from the routes that {@link VirtualHost} makes of it once.
 */
public final class RouteChoice {

    /**
     * {@code VirtualHost.matcher}.
     *
     * @param tree what picks
     * @param choices all that it may pick
     */
    public record Matcher(MatchTree<HttpMatchData, RouteChoice> tree, List<RouteChoice> choices) {
        public Matcher {
            choices = List.copyOf(choices);
        }
    }

    private final List<Route.Spec> specs;
    private @Nullable RouteIndex routes;

    /**
     * @param specs in order
     */
    public RouteChoice(List<Route.Spec> specs) {
        this.specs = List.copyOf(specs);
    }

    List<Route.Spec> specs() {
        return specs;
    }

    void attach(RouteIndex index) {
        this.routes = index;
    }

    @Nullable Route match(Headers request, StreamInfo info) {
        return routes == null ? null : routes.match(request, info);
    }

    void explain(Headers request, StreamInfo info, Explanation into) {
        if (routes != null) {
            routes.explain(request, info, into);
        }
    }
}
