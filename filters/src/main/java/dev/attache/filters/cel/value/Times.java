package dev.attache.filters.cel.value;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Durations and points in time by their parts, and what is added to them. What none can hold is a
 * fault: no exception tells it, as the values may be a request's. Stateless.
 */
public final class Times {
    /** What protobuf and text allow, 10,000 years and all nanoseconds of the last second. */
    static final long MAX_SECONDS = 315_576_000_000L;

    /** The first and the last second that protobuf's JSON has text for, years 1 and 9999. */
    private static final long FIRST_SECOND = -62_135_596_800L;

    private static final long LAST_SECOND = 253_402_300_799L;

    /** What is still a date in every zone. */
    private static final long FIRST = LocalDateTime.MIN.toEpochSecond(ZoneOffset.UTC) + 86_400;

    private static final long LAST = LocalDateTime.MAX.toEpochSecond(ZoneOffset.UTC) - 86_400;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Times() {}

    /** A point in time; nanoseconds may be negative, and more than a second. */
    public static Object instant(long seconds, long nanos) {
        long carried = Math.floorDiv(nanos, NANOS_PER_SECOND);
        long whole = seconds + carried;
        return isOverflow(seconds, carried, whole) || whole < FIRST || whole > LAST
                ? Fault.FAULT
                : Instant.ofEpochSecond(whole, Math.floorMod(nanos, NANOS_PER_SECOND));
    }

    /** A duration of whatever length; nanoseconds as of {@link #instant}. */
    public static Object duration(long seconds, long nanos) {
        long carried = Math.floorDiv(nanos, NANOS_PER_SECOND);
        long whole = seconds + carried;
        return isOverflow(seconds, carried, whole) || whole == Long.MIN_VALUE
                ? Fault.FAULT
                : Duration.ofSeconds(whole, Math.floorMod(nanos, NANOS_PER_SECOND));
    }

    /** Whether the sum of two numbers is not theirs. */
    public static boolean isOverflow(long a, long b, long sum) {
        return ((a ^ sum) & (b ^ sum)) < 0;
    }

    public static Object sum(Duration a, Duration b) {
        long seconds = a.getSeconds() + b.getSeconds();
        return isOverflow(a.getSeconds(), b.getSeconds(), seconds)
                ? Fault.FAULT
                : duration(seconds, (long) a.getNano() + b.getNano());
    }

    public static Object difference(Duration a, Duration b) {
        long seconds = a.getSeconds() - b.getSeconds();
        return isOverflow(seconds, b.getSeconds(), a.getSeconds())
                ? Fault.FAULT
                : duration(seconds, (long) a.getNano() - b.getNano());
    }

    public static Object sum(Instant a, Duration b) {
        long seconds = a.getEpochSecond() + b.getSeconds();
        return isOverflow(a.getEpochSecond(), b.getSeconds(), seconds)
                ? Fault.FAULT
                : instant(seconds, (long) a.getNano() + b.getNano());
    }

    public static Object difference(Instant a, Duration b) {
        long seconds = a.getEpochSecond() - b.getSeconds();
        return isOverflow(seconds, b.getSeconds(), a.getEpochSecond())
                ? Fault.FAULT
                : instant(seconds, (long) a.getNano() - b.getNano());
    }

    /** Points in time are never so far from each other that no duration holds it. */
    public static Object difference(Instant a, Instant b) {
        return duration(a.getEpochSecond() - b.getEpochSecond(), (long) a.getNano() - b.getNano());
    }

    /** Whether protobuf allows it. */
    public static boolean isInBounds(Duration duration) {
        long seconds = duration.getSeconds();
        // The seconds of a negative one are rounded down.
        boolean isBarely = seconds == -MAX_SECONDS - 1 && duration.getNano() > 0;
        return seconds <= MAX_SECONDS && (seconds >= -MAX_SECONDS || isBarely);
    }

    /** Whether protobuf allows it. */
    static boolean isInBounds(Instant time) {
        return time.getEpochSecond() >= FIRST_SECOND && time.getEpochSecond() <= LAST_SECOND;
    }
}
