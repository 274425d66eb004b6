package dev.attache.xds.stream;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Jittered exponential back-off as Envoy's {@code JitteredExponentialBackOffStrategy}: a random
 * time below a bound that starts at the base interval and doubles up to the maximum. Not thread
 * safe.
 */
public final class Backoff {

    /** Envoy's defaults for a control plane: 500 ms to 30 s. */
    public static final Duration DEFAULT_BASE = Duration.ofMillis(500);

    public static final Duration DEFAULT_MAX = Duration.ofSeconds(30);

    private final long baseMillis;
    private final long maxMillis;
    private final RandomGenerator random;
    private long boundMillis;

    /** Requires 0 &lt; base &lt;= max. */
    public Backoff(Duration base, Duration max, RandomGenerator random) {
        if (base.toMillis() <= 0 || base.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    "back-off needs 0 < base <= max, not " + base + " and " + max);
        }
        this.baseMillis = base.toMillis();
        this.maxMillis = max.toMillis();
        this.random = random;
        this.boundMillis = baseMillis;
    }

    /** The time to wait now; the next one has a higher bound. */
    public Duration next() {
        long bound = boundMillis;
        boundMillis = bound > maxMillis / 2 ? maxMillis : bound * 2;
        return Duration.ofMillis(random.nextLong(bound));
    }

    /** Starts over at the base interval, after success. */
    public void reset() {
        boundMillis = baseMillis;
    }
}
