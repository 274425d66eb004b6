package dev.attache.config.bootstrap;

/**
 * {@code watchdogs} of the bootstrap: when a thread that does not come round is counted, and when
 * it ends the process. Immutable.
 *
 * @param main the main thread's
 * @param workers the workers'
 */
public record WatchdogSettings(Limits main, Limits workers) {

    /** Envoy's defaults: misses are counted, nothing is killed. */
    public static final WatchdogSettings DEFAULT =
            new WatchdogSettings(Limits.DEFAULT, Limits.DEFAULT);

    /**
     * One group of threads.
     *
     * @param missMillis {@code miss_timeout}
     * @param megaMissMillis {@code megamiss_timeout}
     * @param killMillis {@code kill_timeout} with its jitter drawn; 0 = never
     * @param multiKillMillis {@code multikill_timeout}; 0 = never
     * @param multiKillPercent {@code multikill_threshold}: how much of the group has to stand still
     */
    public record Limits(
            long missMillis,
            long megaMissMillis,
            long killMillis,
            long multiKillMillis,
            double multiKillPercent) {

        static final Limits DEFAULT = new Limits(200, 1000, 0, 0, 0);
    }
}
