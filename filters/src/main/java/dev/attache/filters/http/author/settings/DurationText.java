package dev.attache.filters.http.author.settings;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Times as settings write them: {@code 1.5s}, {@code 20ms}, {@code 2m}, {@code 1h}. Stateless. */
final class DurationText {

    /** Longest that is taken, as in protobuf. */
    private static final BigDecimal MOST_NANOS = new BigDecimal("315576000000e9");

    private DurationText() {}

    /** Null where it is none: negative, or longer than ten thousand years. */
    static @Nullable Duration ofSeconds(double seconds) {
        return Double.isFinite(seconds) ? of(BigDecimal.valueOf(seconds), 1_000_000_000L) : null;
    }

    /** Null where it is none; without a unit seconds are meant. */
    static @Nullable Duration read(String text) {
        if (!text.isEmpty() && Character.isDigit(text.charAt(text.length() - 1))) {
            return of(text, 0, 1_000_000_000L);
        }
        if (text.endsWith("ms")) {
            return of(text, 2, 1_000_000L);
        }
        if (text.endsWith("s")) {
            return of(text, 1, 1_000_000_000L);
        }
        if (text.endsWith("m")) {
            return of(text, 1, 60_000_000_000L);
        }
        return text.endsWith("h") ? of(text, 1, 3_600_000_000_000L) : null;
    }

    /** Digits with a point or a sign, and no more of them than anybody means. */
    static boolean isNumber(String text) {
        String digits = text.startsWith("-") ? text.substring(1) : text;
        return isNumeral(digits);
    }

    private static boolean isNumeral(String text) {
        return !text.isEmpty() && text.length() <= 30 && isPlain(text);
    }

    private static @Nullable Duration of(String text, int unit, long nanos) {
        String number = text.substring(0, text.length() - unit);
        if (!isNumeral(number)) {
            return null;
        }
        return of(new BigDecimal(number), nanos);
    }

    /** Digits, with a point among them at most once. */
    private static boolean isPlain(String number) {
        int points = 0;
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            if (c == '.' && i > 0) {
                points++;
            } else if (c < '0' || c > '9') {
                return false;
            }
        }
        return points <= 1;
    }

    private static @Nullable Duration of(BigDecimal number, long nanos) {
        BigDecimal all = number.multiply(BigDecimal.valueOf(nanos));
        if (all.signum() < 0 || all.compareTo(MOST_NANOS) > 0) {
            return null;
        }
        BigDecimal[] parts = all.divideAndRemainder(BigDecimal.valueOf(1_000_000_000L));
        return Duration.ofSeconds(parts[0].longValue(), parts[1].longValue());
    }
}
