package dev.attache.agent.identity;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** How long to wait after a failure: longer each time, up to a minute, varied. Not shared. */
final class Pause {

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final double GROWTH = 1.5;
    private static final double SPREAD = 0.5;

    private final DoubleSupplier chance;
    private double next = FIRST.toMillis();

    Pause(DoubleSupplier chance) {
        this.chance = chance;
    }

    Duration next() {
        double varied = next * (1 + SPREAD * (2 * chance.getAsDouble() - 1));
        next = Math.min(LONGEST.toMillis(), next * GROWTH);
        return Duration.ofMillis((long) varied);
    }

    void reset() {
        next = FIRST.toMillis();
    }
}
