package dev.attache.proxy.overload;

/**
 * How far one timeout is scaled.
 *
 * @param minimum what is left of it when {@code value} is 1
 * @param value from 0, as configured, to 1, at the minimum
 */
public record TimeoutScale(ScaledMinimum minimum, float value) {

    /** What becomes of a timeout of {@code millis}. */
    long of(long millis) {
        long least = minimum.of(millis);
        return least + (long) ((millis - least) * (1 - (double) value));
    }
}
