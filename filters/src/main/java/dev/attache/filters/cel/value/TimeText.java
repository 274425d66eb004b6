package dev.attache.filters.cel.value;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations and points in time as text, read and written. Stateless. */
public final class TimeText {
    /** What the language allows, 10,000 years. */
    private static final long MAX_SECONDS = 315_576_000_000L;

    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private static final Pattern TIMESTAMP =
            Pattern.compile(
                    "(\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:)(\\d{2})(\\.\\d{1,9})?\\d*"
                            + "(Z|[+-]\\d{2}:\\d{2})");

    private TimeText() {}

    /** {@code 1h30m}, {@code -1.5ms}; null where it is no duration. */
    public static @Nullable Duration duration(String text) {
        boolean negative = text.startsWith("-");
        int at = negative || text.startsWith("+") ? 1 : 0;
        if (text.substring(at).equals("0")) {
            return Duration.ZERO;
        }
        if (at == text.length()) {
            return null;
        }
        Duration sum = Duration.ZERO;
        try {
            while (at < text.length()) {
                int unit = at;
                while (unit < text.length() && isNumber(text.charAt(unit))) {
                    unit++;
                }
                int end = unit;
                while (end < text.length() && Character.isLowerCase(text.charAt(end))) {
                    end++;
                }
                long nanos = nanos(text.substring(unit, end));
                Duration part = nanos == 0 ? null : part(text.substring(at, unit), nanos);
                if (part == null) {
                    return null;
                }
                sum = sum.plus(part);
                at = end;
            }
        } catch (ArithmeticException e) {
            return null;
        }
        return sum.getSeconds() > MAX_SECONDS ? null : negative ? sum.negated() : sum;
    }

    private static boolean isNumber(char c) {
        return c >= '0' && c <= '9' || c == '.';
    }

    private static long nanos(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us" -> 1_000;
            case "ms" -> NANOS_PER_MILLI;
            case "s" -> NANOS_PER_SECOND;
            case "m" -> 60 * NANOS_PER_SECOND;
            case "h" -> 3_600 * NANOS_PER_SECOND;
            default -> 0;
        };
    }

    private static @Nullable Duration part(String number, long nanos) {
        int dot = number.indexOf('.');
        String whole = dot < 0 ? number : number.substring(0, dot);
        String fraction = dot < 0 ? "" : number.substring(dot + 1);
        if (fraction.indexOf('.') >= 0 || whole.isEmpty() && fraction.isEmpty()) {
            return null;
        }
        if (whole.length() > 15) {
            throw new ArithmeticException(number);
        }
        Duration sum = Duration.ofNanos(nanos).multipliedBy(whole.isEmpty() ? 0 : parse(whole));
        if (fraction.isEmpty()) {
            return sum;
        }
        double part = Double.parseDouble("0." + fraction) * nanos;
        return sum.plusNanos(Math.round(part));
    }

    private static long parse(String digits) {
        return Long.parseLong(digits);
    }

    /** RFC 3339; null where it is not. */
    public static @Nullable Instant timestamp(String text) {
        var match = TIMESTAMP.matcher(text.toUpperCase(Locale.ROOT));
        if (!match.matches()) {
            return null;
        }
        boolean leap = match.group(2).equals("60");
        String fraction = match.group(3) == null ? "" : match.group(3);
        String second = leap ? "59" : match.group(2);
        try {
            Instant time =
                    OffsetDateTime.parse(match.group(1) + second + fraction + match.group(4))
                            .toInstant();
            return leap ? time.plusSeconds(1) : time;
        } catch (DateTimeParseException e) {
            return null;
        }
    }

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

    /** As JSON has it: seconds, with 0, 3, 6 or 9 digits. */
    public static String json(Duration duration) {
        Duration size = duration.abs();
        StringBuilder out = new StringBuilder(duration.isNegative() ? "-" : "");
        return threes(out.append(size.getSeconds()), size.getNano()).append('s').toString();
    }

    /** As JSON has it: RFC 3339 with 0, 3, 6 or 9 digits. */
    public static String json(Instant time) {
        LocalDateTime utc = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(36);
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
