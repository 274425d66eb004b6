package dev.attache.proxy.route;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.route.RouteAction.WeightedCluster;
import dev.attache.proxy.stream.format.FormatContext;
import org.jspecify.annotations.Nullable;

/**
 * The header operations of a route's levels, one level after another: weighted cluster, route,
 * virtual host, route configuration, or the other way round where the most specific one wins
 * (Envoy: "Header manipulation"). Pure.
 */
public final class HeaderLevels {

    private HeaderLevels() {}

    public static void request(
            Route route,
            @Nullable WeightedCluster weighted,
            Headers request,
            FormatContext context) {
        VirtualHost host = route.virtualHost();
        HeaderMutations ofCluster =
                weighted == null ? HeaderMutations.NONE : weighted.requestHeaders();
        if (host.table().mostSpecificHeaderMutationsWins()) {
            host.table().requestHeaders().apply(request, context);
            host.spec().requestHeaders().apply(request, context);
            route.spec().requestHeaders().apply(request, context);
            ofCluster.apply(request, context);
        } else {
            ofCluster.apply(request, context);
            route.spec().requestHeaders().apply(request, context);
            host.spec().requestHeaders().apply(request, context);
            host.table().requestHeaders().apply(request, context);
        }
    }

    /** Also for a reply of our own to a request that the route would have forwarded. */
    public static void response(
            Route route,
            @Nullable WeightedCluster weighted,
            Headers response,
            FormatContext context) {
        VirtualHost host = route.virtualHost();
        HeaderMutations ofCluster =
                weighted == null ? HeaderMutations.NONE : weighted.responseHeaders();
        if (host.table().mostSpecificHeaderMutationsWins()) {
            host.table().responseHeaders().apply(response, context);
            host.spec().responseHeaders().apply(response, context);
            route.spec().responseHeaders().apply(response, context);
            ofCluster.apply(response, context);
        } else {
            ofCluster.apply(response, context);
            route.spec().responseHeaders().apply(response, context);
            host.spec().responseHeaders().apply(response, context);
            host.table().responseHeaders().apply(response, context);
        }
    }
}
