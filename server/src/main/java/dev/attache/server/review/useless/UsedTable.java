package dev.attache.server.review.useless;

import dev.attache.proxy.network.http.HttpConnectionManagerSpec;
import dev.attache.proxy.route.RouteTable;
import dev.attache.server.review.Place;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.List;

/**
 * A table of routes with who uses it. Immutable.
 *
 * @param message that it was compiled from: the same virtual hosts and routes in the same order
 * @param users none where nobody asks for it
 */
record UsedTable(
        RouteTable table,
        RouteConfiguration message,
        Place place,
        List<HttpConnectionManagerSpec> users) {

    Place host(int index) {
        return place.at("virtual_hosts", index);
    }

    Place route(int host, int index) {
        return host(host).at("routes", index);
    }
}
