package dev.attache.proxy.upstream.spec;

/**
 * {@code envoy.config.cluster.v3.OutlierDetection} with Envoy's defaults applied. Times in
 * milliseconds, shares and thresholds in percent.
 *
 * @param consecutive5xx errors in a row that make an outlier, 5
 * @param consecutiveGatewayFailure 502, 503 and 504 in a row, 5
 * @param splitLocalOrigin connection failures count apart from what hosts answer
 * @param unejectOnPassedCheck an active health check that passes ends an ejection
 * @param detectDegraded a host whose answers say {@code x-envoy-degraded} is used after the others
 * @param alwaysEjectOneHost the first host may go whatever {@code maxEjectionPercent} says
 */
public record OutlierSpec(
        long intervalMillis,
        long baseEjectionMillis,
        long maxEjectionMillis,
        long maxEjectionJitterMillis,
        int maxEjectionPercent,
        boolean alwaysEjectOneHost,
        int consecutive5xx,
        int enforcingConsecutive5xx,
        int consecutiveGatewayFailure,
        int enforcingConsecutiveGatewayFailure,
        boolean splitLocalOrigin,
        int consecutiveLocalOriginFailure,
        int enforcingConsecutiveLocalOriginFailure,
        SuccessRate successRate,
        FailurePercentage failurePercentage,
        boolean unejectOnPassedCheck,
        boolean detectDegraded) {

    /**
     * Hosts far below the others.
     *
     * @param stdevFactor thousandths of a standard deviation below the mean, 1900
     */
    public record SuccessRate(
            int enforcing,
            int enforcingLocalOrigin,
            int minimumHosts,
            int requestVolume,
            int stdevFactor) {
        public static final SuccessRate DEFAULTS = new SuccessRate(100, 100, 5, 100, 1900);
    }

    /** Hosts below a fixed line. */
    public record FailurePercentage(
            int threshold,
            int enforcing,
            int enforcingLocalOrigin,
            int minimumHosts,
            int requestVolume) {
        public static final FailurePercentage DEFAULTS = new FailurePercentage(85, 0, 0, 5, 50);
    }

    public static final OutlierSpec DEFAULTS =
            new OutlierSpec(
                    10_000,
                    30_000,
                    300_000,
                    0,
                    10,
                    false,
                    5,
                    100,
                    5,
                    0,
                    false,
                    5,
                    100,
                    SuccessRate.DEFAULTS,
                    FailurePercentage.DEFAULTS,
                    true,
                    false);
}
