package dev.attache.proxy.overload;

/**
 * How short a timeout becomes when its scaling is saturated: an absolute time or a share of the
 * timeout.
 *
 * @param millis negative: {@code share} holds
 * @param share of the timeout, 0 to 1
 */
public record ScaledMinimum(long millis, double share) {

    /** An absolute minimum; timeouts that are shorter stay as they are. */
    public static ScaledMinimum ofMillis(long millis) {
        return new ScaledMinimum(millis, 0);
    }

    /** A minimum in proportion to the timeout. */
    public static ScaledMinimum ofShare(double share) {
        return new ScaledMinimum(-1, share);
    }

    /** The minimum of a timeout, both in milliseconds. */
    long of(long timeout) {
        return millis >= 0 ? Math.min(millis, timeout) : (long) (timeout * share);
    }
}
