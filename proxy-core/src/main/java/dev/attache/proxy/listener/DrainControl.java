package dev.attache.proxy.listener;

/**
 * How the process drains: {@code --drain-time-s}, {@code --drain-strategy}, whether {@code
 * /healthcheck/fail} has been called, and whether the process is about to end. One per process;
 * written by the main thread, read by workers.
 */
public final class DrainControl {

    /** {@code --drain-strategy}. */
    public enum Strategy {
        GRADUAL,
        IMMEDIATE
    }

    /** Runs something later, on a thread of its own choice; at once where no time is left. */
    @FunctionalInterface
    public interface Delay {
        void run(long millis, Runnable action);
    }

    private final long drainTimeMillis;
    private final Strategy strategy;
    private final Delay delay;
    private volatile boolean healthFailed;

    /** What connections have until they leave unasked; -1 while the process stays. */
    private volatile long shutdownMillis = -1;

    /** Envoy's defaults: 600 s, gradual. */
    public DrainControl() {
        this(600_000, Strategy.GRADUAL);
    }

    /** Nothing outlives its last connection. */
    public DrainControl(long drainTimeMillis, Strategy strategy) {
        this(drainTimeMillis, strategy, (millis, action) -> action.run());
    }

    /**
     * @param delay for what stays until the drain time is over, such as stats
     */
    public DrainControl(long drainTimeMillis, Strategy strategy, Delay delay) {
        this.drainTimeMillis = drainTimeMillis;
        this.strategy = strategy;
        this.delay = delay;
    }

    void later(long millis, Runnable action) {
        delay.run(millis, action);
    }

    public long drainTimeMillis() {
        return drainTimeMillis;
    }

    Strategy strategy() {
        return strategy;
    }

    /**
     * The process is about to end and gives what runs time to finish: every answer is the last of
     * its connection from now on.
     *
     * @param idleMillis after which a connection without a request leaves at the latest
     */
    public void shutDown(long idleMillis) {
        shutdownMillis = idleMillis;
    }

    public boolean shuttingDown() {
        return shutdownMillis >= 0;
    }

    /** See {@link #shutDown}. */
    long shutdownMillis() {
        return shutdownMillis;
    }

    /** {@code /healthcheck/fail} and {@code /healthcheck/ok}. */
    public void healthFailed(boolean failed) {
        this.healthFailed = failed;
    }

    public boolean healthFailed() {
        return healthFailed;
    }
}
