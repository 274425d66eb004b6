package dev.attache.proxy.route;

import dev.attache.proxy.route.RouteAction.HashPolicy;
import dev.attache.proxy.route.RouteAction.Mirror;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster says of the requests to it, in place of what their routes say: {@code
 * retry_policy}, {@code hash_policy} and {@code request_mirror_policies} of its HTTP protocol
 * options. How long a request or one attempt may take remains the route's. Immutable.
 *
 * @param retry null where the route decides
 * @param hashPolicies empty where the route decides
 * @param mirrors empty where the route decides
 */
public record RequestPolicies(
        @Nullable RetryPolicy retry, List<HashPolicy> hashPolicies, List<Mirror> mirrors) {

    /** The routes decide. */
    public static final RequestPolicies NONE = new RequestPolicies(null, List.of(), List.of());

    public RequestPolicies {
        hashPolicies = List.copyOf(hashPolicies);
        mirrors = List.copyOf(mirrors);
    }

    /** When a request on a route is tried again; null = never. */
    public @Nullable RetryPolicy retry(RouteAction.Forward route) {
        return retry != null ? retry : route.retry();
    }

    /** What the hash of a request on a route comes from. */
    public List<HashPolicy> hashPolicies(RouteAction.Forward route) {
        return hashPolicies.isEmpty() ? route.hashPolicies() : hashPolicies;
    }

    /** Where copies of a request on a route go. */
    public List<Mirror> mirrors(RouteAction.Forward route) {
        return mirrors.isEmpty() ? route.mirrors() : mirrors;
    }
}
