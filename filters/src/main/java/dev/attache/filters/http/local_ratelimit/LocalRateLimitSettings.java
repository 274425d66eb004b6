package dev.attache.filters.http.local_ratelimit;

import dev.attache.config.runtime.Fraction;
import dev.attache.proxy.ratelimit.LocalRateLimiter;
import dev.attache.proxy.ratelimit.RateLimitPolicy;
import dev.attache.proxy.route.HeaderMutations;
import java.util.List;

/**
 * One {@code LocalRateLimit}: of the filter, or of a route, which replaces the filter's. Immutable
 * but for the buckets, which all workers share.
 *
 * @param status of the answer to a request that is too much, 400 or above
 * @param limiter the buckets of this configuration
 * @param limits what buckets are to be, for those of a connection
 * @param enabled share of the requests that are counted
 * @param enforced share of those too many that are answered
 * @param requestHeaders what others too many get on their way
 * @param stage of the policies of routes and virtual hosts that are looked at
 * @param perConnection each connection has buckets of its own
 * @param localCluster whose hosts share the tokens; empty = they are for this process alone
 * @param virtualHostLimits what counts where route and virtual host have policies
 * @param grpcStatus instead of the one that follows from the status; -1 = none
 * @param policies used instead of those of routes and virtual hosts, if there are any
 */
record LocalRateLimitSettings(
        String statPrefix,
        int status,
        LocalRateLimiter limiter,
        LocalRateLimiter.Spec limits,
        Fraction enabled,
        Fraction enforced,
        HeaderMutations requestHeaders,
        HeaderMutations responseHeaders,
        int stage,
        boolean perConnection,
        String localCluster,
        boolean rateLimitHeaders,
        boolean retryAfter,
        VirtualHostLimits virtualHostLimits,
        int grpcStatus,
        List<RateLimitPolicy> policies) {

    /** {@code vh_rate_limits}. */
    enum VirtualHostLimits {
        /** The virtual host's count where the route has none. */
        OVERRIDE,
        INCLUDE,
        IGNORE
    }

    LocalRateLimitSettings {
        policies = List.copyOf(policies);
    }

    /** Whether it matters what a request counts as. */
    boolean hasDescriptors() {
        return !limits.rules().isEmpty();
    }
}
