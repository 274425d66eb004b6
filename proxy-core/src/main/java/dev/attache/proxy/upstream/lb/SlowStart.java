package dev.attache.proxy.upstream.lb;

/**
 * {@code SlowStartConfig}: a new host's weight grows with its age.
 *
 * @param windowMillis 0 = off
 * @param aggression 1 = linear
 * @param minWeightPercent 10
 */
public record SlowStart(long windowMillis, double aggression, double minWeightPercent) {
    public static final SlowStart OFF = new SlowStart(0, 1, 10);
}
