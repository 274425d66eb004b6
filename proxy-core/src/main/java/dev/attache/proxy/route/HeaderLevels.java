package dev.attache.proxy.route;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.route.RouteAction.WeightedCluster;
import dev.attache.proxy.stream.format.FormatContext;
import org.jspecify.annotations.Nullable;

/**
 * The header operations of a route's levels, one level after another: route, virtual host, route
 * configuration, or the other way round where the most specific one wins (Envoy: "Header
 * manipulation"). Those of a weighted cluster come first in either case, as in Envoy. Pure.
 */
public final class HeaderLevels {

    private HeaderLevels() {}

    public static void request(
            Route route,
            @Nullable WeightedCluster weighted,
            Headers request,
            FormatContext context) {
        VirtualHost host = route.virtualHost();
        if (weighted != null) {
            weighted.requestHeaders().apply(request, context);
        }
        if (host.table().mostSpecificHeaderMutationsWins()) {
            host.table().requestHeaders().apply(request, context);
            host.spec().requestHeaders().apply(request, context);
            route.spec().requestHeaders().apply(request, context);
        } else {
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
        if (weighted != null) {
            weighted.responseHeaders().apply(response, context);
        }
        if (host.table().mostSpecificHeaderMutationsWins()) {
            host.table().responseHeaders().apply(response, context);
            host.spec().responseHeaders().apply(response, context);
            route.spec().responseHeaders().apply(response, context);
        } else {
            route.spec().responseHeaders().apply(response, context);
            host.spec().responseHeaders().apply(response, context);
            host.table().responseHeaders().apply(response, context);
        }
    }
}
