package dev.attache.filters.http.ratelimit;

import dev.attache.proxy.ratelimit.RateLimitPolicy;
import java.util.List;

/**
 * What a route says about the filter. Immutable.
 *
 * @param domain instead of the filter's; empty = that one
 * @param policies instead of all others, if there are any
 */
record RateLimitOverride(
        String domain, VirtualHostLimits virtualHostLimits, List<RateLimitPolicy> policies) {

    /** {@code vh_rate_limits}. */
    enum VirtualHostLimits {
        /** The virtual host's count where the route has none. */
        OVERRIDE,
        INCLUDE,
        IGNORE
    }

    RateLimitOverride {
        policies = List.copyOf(policies);
    }
}
