package dev.attache.filters.http.local_ratelimit;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.ratelimit.LocalRateLimiter;

/**
 * The buckets of one connection, in its filter state: made by the first configuration that asks for
 * them, and used by all. Loop-confined.
 */
record ConnectionLimiter(LocalRateLimiter limiter) implements FilterState.Value {
    private static final String KEY = "per_connection_local_rate_limiter";

    static LocalRateLimiter of(
            ConnectionInfo connection, LocalRateLimiter.Spec limits, long nowNanos) {
        if (connection.filterState().get(KEY) instanceof ConnectionLimiter known) {
            return known.limiter;
        }
        LocalRateLimiter fresh = new LocalRateLimiter(limits, nowNanos);
        connection.filterState().set(KEY, new ConnectionLimiter(fresh));
        return fresh;
    }

    @Override
    public String serializeAsString() {
        return "";
    }
}
