package dev.attache.config.route;

import dev.attache.proxy.route.RouteTable;
import java.util.List;

/**
 * A compiled route configuration that listeners refer to by its name. Immutable.
 *
 * @param generations of the users' extensions that it was compiled by
 */
public record CompiledRoutes(RouteTable table, List<Long> generations) {
    public CompiledRoutes {
        generations = List.copyOf(generations);
    }
}
