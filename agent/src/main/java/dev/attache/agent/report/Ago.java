package dev.attache.agent.report;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times beside how long ago they were, in the largest two units. */
final class Ago {

    private Ago() {}

    /** {@code 2026-11-30T08:00:00Z (2h 5m ago)}, or {@code (in 3d 4h)}. */
    static String moment(Instant when, Instant now) {
        String span = span(Duration.between(when, now).abs());
        boolean past = !when.isAfter(now);
        return second(when) + (past ? " (" + span + " ago)" : " (in " + span + ")");
    }

    static String second(Instant when) {
        return when.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** {@code 3d 4h}, {@code 5m 2s}, {@code 0s}. */
    static String span(Duration length) {
        if (length.toDays() > 0) {
            return two(length.toDays(), "d", length.toHoursPart(), "h");
        }
        if (length.toHours() > 0) {
            return two(length.toHours(), "h", length.toMinutesPart(), "m");
        }
        return length.toMinutes() > 0
                ? two(length.toMinutes(), "m", length.toSecondsPart(), "s")
                : length.toSeconds() + "s";
    }

    private static String two(long large, String unit, long small, String part) {
        return large + unit + (small > 0 ? " " + small + part : "");
    }
}
