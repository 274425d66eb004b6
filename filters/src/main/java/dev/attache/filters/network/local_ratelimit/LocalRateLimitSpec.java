package dev.attache.filters.network.local_ratelimit;

import dev.attache.config.extension.SharedSlot;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;
import dev.attache.proxy.ratelimit.LocalRateLimiter;
import dev.attache.proxy.stats.Cell;

/**
 * The limit of one filter chain.
 *
 * @param enabled false: every connection passes, and none takes a token
 * @param bucket leased by each worker that has the chain open
 */
record LocalRateLimitSpec(String statPrefix, boolean enabled, SharedSlot<LocalRateLimiter> bucket)
        implements NetworkFilterSpec {

    @Override
    public boolean terminal() {
        return false;
    }

    @Override
    public NetworkFilterFactory open(NetworkFilterContext context) {
        SharedSlot.Lease<LocalRateLimiter> lease = bucket.lease();
        context.whenDrained(lease::close);
        LocalRateLimiter limiter = lease.value();
        Cell rateLimited =
                context.ownScope("local_rate_limit." + statPrefix + ".")
                        .counter("rate_limited")
                        .cell(context.worker().index());
        return NetworkFilterFactory.asking(
                "a bucket of this proxy for a token",
                connection -> new LocalRateLimitFilter(enabled, limiter, rateLimited, connection));
    }
}
