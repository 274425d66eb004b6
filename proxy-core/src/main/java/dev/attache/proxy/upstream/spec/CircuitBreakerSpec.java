package dev.attache.proxy.upstream.spec;

import org.jspecify.annotations.Nullable;

/** {@code envoy.config.cluster.v3.CircuitBreakers} with Envoy's defaults applied. */
public record CircuitBreakerSpec(
        Thresholds defaultPriority, Thresholds highPriority, long perHostMaxConnections) {

    /** {@code per_host_thresholds} are unset. */
    public static final long UNLIMITED = 0xFFFF_FFFFL;

    public static final CircuitBreakerSpec DEFAULTS =
            new CircuitBreakerSpec(Thresholds.DEFAULTS, Thresholds.DEFAULTS, UNLIMITED);

    /** Whether gauges tell what is left, from the first moment on. */
    public boolean tracksRemaining() {
        return defaultPriority.trackRemaining || highPriority.trackRemaining;
    }

    /**
     * Limits of one routing priority; unsigned 32-bit values held in longs so that 4294967295 is
     * itself.
     *
     * @param retryBudget replaces {@code maxRetries} where present
     */
    public record Thresholds(
            long maxConnections,
            long maxPendingRequests,
            long maxRequests,
            long maxRetries,
            long maxConnectionPools,
            @Nullable RetryBudget retryBudget,
            boolean trackRemaining) {

        public static final Thresholds DEFAULTS =
                new Thresholds(1024, 1024, 1024, 3, UNLIMITED, null, false);
    }

    /**
     * @param percent of active and pending requests, 20 by default
     * @param minConcurrency 3 by default
     * @param intervalMillis where above 0, the percentage is of the requests that began within that
     *     time, retries among them, instead of those that are active
     */
    public record RetryBudget(double percent, long minConcurrency, long intervalMillis) {}
}
