package dev.attache.console.command;

import java.time.Duration;
import java.time.Instant;

/** How long ago something was, for people. */
public final class Age {

    private Age() {}

    /** E.g. {@code 4s}, {@code 3m12s}, {@code 5h07m}, {@code 12d3h}; what lies ahead is now. */
    public static String of(Instant then, Instant now) {
        return of(Duration.between(then, now));
    }

    /** As {@link #of(Instant, Instant)}. */
    public static String of(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return "%dm%02ds".formatted(seconds / 60, seconds % 60);
        }
        if (seconds < 86_400) {
            return "%dh%02dm".formatted(seconds / 3600, seconds / 60 % 60);
        }
        return "%dd%dh".formatted(seconds / 86_400, seconds / 3600 % 24);
    }
}
