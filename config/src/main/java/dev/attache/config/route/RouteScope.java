package dev.attache.config.route;

import dev.attache.proxy.route.FilterOverride;
import dev.attache.proxy.route.RetryPolicy;
import dev.attache.proxy.route.RouteAction.Mirror;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a route takes over from the levels around it.
 *
 * @param clusterExists null: clusters are not validated
 * @param maxDirectResponseBytes {@code max_direct_response_body_size_bytes}
 * @param retry the virtual host's retry policy, replaced as a whole by the route's
 * @param mirrors those of the nearest level that has any
 * @param overrides filter overrides of all levels so far
 * @param bodyBufferLimit of the virtual host; -1 = unset
 */
record RouteScope(
        @Nullable Predicate<String> clusterExists,
        int maxDirectResponseBytes,
        @Nullable RetryPolicy retry,
        List<Mirror> mirrors,
        Map<String, FilterOverride> overrides,
        long bodyBufferLimit) {

    RouteScope withOverrides(Map<String, FilterOverride> merged) {
        return new RouteScope(
                clusterExists, maxDirectResponseBytes, retry, mirrors, merged, bodyBufferLimit);
    }

    /** The same without a look at whether clusters exist. */
    RouteScope unvalidated() {
        return new RouteScope(
                null, maxDirectResponseBytes, retry, mirrors, overrides, bodyBufferLimit);
    }
}
