package dev.attache.proxy.listener;

/**
 * How the process drains: {@code --drain-time-s}, {@code --drain-strategy}, and whether {@code
 * /healthcheck/fail} has been called. One per process; written by the main thread, read by workers.
 */
public final class DrainControl {

    /** {@code --drain-strategy}. */
    public enum Strategy {
        GRADUAL,
        IMMEDIATE
    }

    private final long drainTimeMillis;
    private final Strategy strategy;
    private volatile boolean healthFailed;

    /** Envoy's defaults: 600 s, gradual. */
    public DrainControl() {
        this(600_000, Strategy.GRADUAL);
    }

    public DrainControl(long drainTimeMillis, Strategy strategy) {
        this.drainTimeMillis = drainTimeMillis;
        this.strategy = strategy;
    }

    public long drainTimeMillis() {
        return drainTimeMillis;
    }

    Strategy strategy() {
        return strategy;
    }

    /** {@code /healthcheck/fail} and {@code /healthcheck/ok}. */
    public void healthFailed(boolean failed) {
        this.healthFailed = failed;
    }

    public boolean healthFailed() {
        return healthFailed;
    }
}
