package dev.attache.proxy.worker;

/**
 * A time that is longer for some than for others, so that what began together does not end
 * together.
 *
 * @param millis at least; 0 = off
 * @param jitterPercent how much of it is added at most, 0 to 100
 */
public record JitteredTime(long millis, double jitterPercent) {

    /** Never. */
    public static final JitteredTime OFF = of(0);

    /** The same for all. */
    public static JitteredTime of(long millis) {
        return new JitteredTime(millis, 0);
    }

    /** Milliseconds for one of them; 0 = off. */
    public long draw(WorkerContext worker) {
        return jitterPercent == 0 ? millis : extended(worker.random());
    }

    /** By up to the whole jitter, as the number falls. */
    long extended(long random) {
        long most = (long) (millis * jitterPercent / 100);
        return most <= 0 ? millis : millis + Long.remainderUnsigned(random, most + 1);
    }
}
