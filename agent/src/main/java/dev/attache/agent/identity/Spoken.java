package dev.attache.agent.identity;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Durations as operators read them: {@code 11h59m58s}; what is short with its milliseconds. */
final class Spoken {

    private static final int SHORT = 10;

    private Spoken() {}

    static String of(Duration duration) {
        Duration cut =
                duration.toSeconds() < SHORT
                        ? duration.truncatedTo(ChronoUnit.MILLIS)
                        : duration.truncatedTo(ChronoUnit.SECONDS);
        return cut.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
