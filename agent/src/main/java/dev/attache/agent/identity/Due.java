package dev.attache.agent.identity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * When a certificate is replaced: at a moment of the wall clock, or after that much time has passed
 * by the clock that nobody sets, whichever comes first. So a wall clock that jumps, either way,
 * skips nothing. Immutable.
 */
final class Due {

    /** Whatever an authority answers, it is not asked without a pause. */
    private static final Duration LEAST = Duration.ofSeconds(1);

    private final Instant moment;
    private final long since;
    private final Duration after;
    private final InstantSource clock;
    private final LongSupplier ticks;

    private Due(
            Instant moment, long since, Duration after, InstantSource clock, LongSupplier ticks) {
        this.moment = moment;
        this.since = since;
        this.after = after;
        this.clock = clock;
        this.ticks = ticks;
    }

    /**
     * Of a certificate that was just made: {@code expires - ratio * (expires - created)}, the ratio
     * being the grace, give or take the jitter.
     *
     * @param chance between 0 and 1
     * @param ticks nanoseconds of a clock that only goes forward
     */
    static Due of(
            Identity identity,
            double grace,
            double jitter,
            DoubleSupplier chance,
            InstantSource clock,
            LongSupplier ticks) {
        double varied = grace + (2 * chance.getAsDouble() - 1) * jitter;
        double ratio = Math.min(1, Math.max(0, varied));
        Duration life = Duration.between(identity.created(), identity.expires());
        Duration kept = Duration.ofMillis((long) (life.toMillis() * (1 - ratio)));
        Duration after = kept.compareTo(LEAST) < 0 ? LEAST : kept;
        return new Due(identity.created().plus(after), ticks.getAsLong(), after, clock, ticks);
    }

    /** When that is, by the wall clock as it was when the certificate was made. */
    Instant moment() {
        return moment;
    }

    /** How long to wait at most from now on; zero where it is time. */
    Duration left() {
        Duration byWall = Duration.between(clock.instant(), moment);
        Duration byTicks = after.minusNanos(ticks.getAsLong() - since);
        Duration least = byWall.compareTo(byTicks) < 0 ? byWall : byTicks;
        return least.isNegative() ? Duration.ZERO : least;
    }
}
