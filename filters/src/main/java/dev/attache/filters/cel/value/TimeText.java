package dev.attache.filters.cel.value;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Durations and points in time as text. Stateless. */
public final class TimeText {
    private static final int NANOS_PER_MILLI = 1_000_000;

    private TimeText() {}

    /** {@code 1h1m1.5s}, {@code 418.965us}. */
    public static String print(Duration duration) {
        if (duration.isZero()) {
            return "0";
        }
        Duration size = duration.abs();
        StringBuilder out = new StringBuilder(duration.isNegative() ? "-" : "");
        long seconds = size.getSeconds();
        int nanos = size.getNano();
        if (seconds == 0) {
            if (nanos < 1_000) {
                return out.append(nanos).append("ns").toString();
            }
            return nanos < NANOS_PER_MILLI
                    ? fraction(out, nanos / 1_000, nanos % 1_000, 3).append("us").toString()
                    : fraction(out, nanos / NANOS_PER_MILLI, nanos % NANOS_PER_MILLI, 6)
                            .append("ms")
                            .toString();
        }
        if (seconds >= 3_600) {
            out.append(seconds / 3_600).append('h');
        }
        if (seconds % 3_600 >= 60) {
            out.append(seconds % 3_600 / 60).append('m');
        }
        if (seconds % 60 != 0 || nanos != 0) {
            fraction(out, seconds % 60, nanos, 9).append('s');
        }
        return out.toString();
    }

    /** RFC 3339 in UTC with as many digits as it takes. */
    public static String print(Instant time) {
        LocalDateTime utc = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(36);
        date(out, utc);
        fraction(out, -1, utc.getNano(), 9);
        return out.append("+00:00").toString();
    }

    /** RFC 3339 with a {@code Z}, as {@code format} has it. */
    public static String utc(Instant time) {
        String text = print(time);
        return text.substring(0, text.length() - "+00:00".length()) + "Z";
    }

    /** As JSON has it: seconds, with 0, 3, 6 or 9 digits; null where protobuf has no such. */
    public static @Nullable String json(Duration duration) {
        return Times.isInBounds(duration) ? seconds(duration) : null;
    }

    /** The same of any duration. */
    public static String seconds(Duration duration) {
        Duration size = duration.abs();
        StringBuilder out = new StringBuilder(duration.isNegative() ? "-" : "");
        return threes(out.append(size.getSeconds()), size.getNano()).append('s').toString();
    }

    /** As JSON has it: RFC 3339 with 0, 3, 6 or 9 digits; null where protobuf has no such. */
    public static @Nullable String json(Instant time) {
        if (!Times.isInBounds(time)) {
            return null;
        }
        LocalDateTime utc = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(36);
        out.append("0".repeat(4 - Integer.toString(utc.getYear()).length()));
        date(out, utc);
        return threes(out, utc.getNano()).append('Z').toString();
    }

    private static void date(StringBuilder out, LocalDateTime utc) {
        out.append(utc.getYear());
        two(out.append('-'), utc.getMonthValue());
        two(out.append('-'), utc.getDayOfMonth());
        two(out.append('T'), utc.getHour());
        two(out.append(':'), utc.getMinute());
        two(out.append(':'), utc.getSecond());
    }

    private static void two(StringBuilder out, int number) {
        out.append(number < 10 ? "0" : "").append(number);
    }

    private static StringBuilder threes(StringBuilder out, int nanos) {
        if (nanos == 0) {
            return out;
        }
        int digits = nanos % NANOS_PER_MILLI == 0 ? 3 : nanos % 1_000 == 0 ? 6 : 9;
        return out.append('.').append(padded(nanos, 9), 0, digits);
    }

    /** A number below {@code 10^digits} as a fraction, without zeros at its end. */
    private static StringBuilder fraction(StringBuilder out, long whole, long part, int digits) {
        if (whole >= 0) {
            out.append(whole);
        }
        if (part == 0) {
            return out;
        }
        String all = padded(part, digits);
        int end = all.length();
        while (all.charAt(end - 1) == '0') {
            end--;
        }
        return out.append('.').append(all, 0, end);
    }

    private static String padded(long number, int digits) {
        String text = Long.toString(number);
        return "0".repeat(digits - text.length()) + text;
    }
}
