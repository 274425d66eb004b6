package dev.attache.proxy.stream.format;

import dev.attache.proxy.http.Octets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * strftime as Envoy's {@code %START_TIME(…)%} takes it: the C conversions, {@code %s} and fractions
 * of a second {@code %f}, {@code %3f}, {@code %6f}, {@code %9f}, {@code %E3S}. Immutable.
 */
final class TimeFormat {

    private static final String DEFAULT = "%Y-%m-%dT%H:%M:%E3SZ";

    private static final Pattern LINE_END = Pattern.compile("%[-_0^#]*[1-9]*[EO]?n");

    private final String pattern;
    private final boolean isDefault;

    private TimeFormat(String pattern, boolean isDefault) {
        this.pattern = pattern;
        this.isDefault = isDefault;
    }

    /**
     * @throws IllegalArgumentException where the pattern would write a line end
     */
    static TimeFormat of(String pattern) {
        if (LINE_END.matcher(pattern).find()) {
            throw new IllegalArgumentException(
                    "Invalid header configuration. Format string contains newline.");
        }
        return pattern.isEmpty()
                ? new TimeFormat(DEFAULT, true)
                : new TimeFormat(Octets.of(pattern), false);
    }

    /**
     * @param nanos within the millisecond, 0 to 999,999
     */
    String format(long epochMillis, int nanos, boolean local) {
        Instant instant = Instant.ofEpochMilli(epochMillis).plusNanos(nanos);
        ZonedDateTime time = instant.atZone(local ? ZoneId.systemDefault() : ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(pattern.length() + 16);
        if (isDefault) {
            appendDefault(out, time);
            return out.toString();
        }
        append(out, time, pattern);
        return out.toString();
    }

    private static void appendDefault(StringBuilder out, ZonedDateTime time) {
        pad(out, time.getYear(), 4, '0').append('-');
        pad(out, time.getMonthValue(), 2, '0').append('-');
        pad(out, time.getDayOfMonth(), 2, '0').append('T');
        pad(out, time.getHour(), 2, '0').append(':');
        pad(out, time.getMinute(), 2, '0').append(':');
        pad(out, time.getSecond(), 2, '0').append('.');
        pad(out, time.getNano() / 1_000_000, 3, '0').append('Z');
    }

    private static void append(StringBuilder out, ZonedDateTime time, String pattern) {
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c != '%' || i + 1 == pattern.length()) {
                out.append(c);
                continue;
            }
            char next = pattern.charAt(++i);
            if (next >= '1'
                    && next <= '9'
                    && i + 1 < pattern.length()
                    && pattern.charAt(i + 1) == 'f') {
                fraction(out, time, next - '0');
                i++;
            } else if (next == 'E' && i + 1 < pattern.length() && pattern.charAt(i + 1) == 'z') {
                out.append(DateTimeFormatter.ofPattern("xxx", Locale.US).format(time));
                i++;
            } else if (next == 'E' && isSeconds(pattern, i + 1)) {
                char digits = pattern.charAt(i + 1);
                pad(out, time.getSecond(), 2, '0');
                if (digits == '*') {
                    allDigits(out, time);
                } else if (digits != '0') {
                    out.append('.');
                    fraction(out, time, digits - '0');
                }
                i += 2;
            } else {
                conversion(out, time, next);
            }
        }
    }

    /** {@code 3S}, {@code *S}: what follows {@code %E} where seconds have a fraction. */
    private static boolean isSeconds(String pattern, int at) {
        if (at + 1 >= pattern.length() || pattern.charAt(at + 1) != 'S') {
            return false;
        }
        char digits = pattern.charAt(at);
        return digits == '*' || (digits >= '0' && digits <= '9');
    }

    /** As many digits as say something. */
    private static void allDigits(StringBuilder out, ZonedDateTime time) {
        if (time.getNano() != 0) {
            fraction(out.append('.'), time, 9);
            int end = out.length();
            while (out.charAt(end - 1) == '0') {
                end--;
            }
            out.setLength(end);
        }
    }

    private static void fraction(StringBuilder out, ZonedDateTime time, int digits) {
        StringBuilder nanos = pad(new StringBuilder(), time.getNano(), 9, '0');
        out.append(nanos, 0, Math.min(digits, 9));
    }

    private static void conversion(StringBuilder out, ZonedDateTime time, char c) {
        switch (c) {
            case 'Y' -> out.append(time.getYear());
            case 'C' -> pad(out, time.getYear() / 100, 2, '0');
            case 'y' -> pad(out, time.getYear() % 100, 2, '0');
            case 'G' -> out.append(time.get(IsoFields.WEEK_BASED_YEAR));
            case 'm' -> pad(out, time.getMonthValue(), 2, '0');
            case 'd' -> pad(out, time.getDayOfMonth(), 2, '0');
            case 'e' -> pad(out, time.getDayOfMonth(), 2, ' ');
            case 'j' -> pad(out, time.getDayOfYear(), 3, '0');
            case 'H' -> pad(out, time.getHour(), 2, '0');
            case 'k' -> pad(out, time.getHour(), 2, ' ');
            case 'I' -> pad(out, time.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, '0');
            case 'l' -> pad(out, time.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, ' ');
            case 'M' -> pad(out, time.getMinute(), 2, '0');
            case 'S' -> pad(out, time.getSecond(), 2, '0');
            case 'p' -> out.append(time.getHour() < 12 ? "AM" : "PM");
            case 'P' -> out.append(time.getHour() < 12 ? "am" : "pm");
            case 's' -> out.append(time.toEpochSecond());
            case 'f' -> fraction(out, time, 9);
            case 'a' -> out.append(time.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.US));
            case 'A' -> out.append(time.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.US));
            case 'b', 'h' -> out.append(time.getMonth().getDisplayName(TextStyle.SHORT, Locale.US));
            case 'B' -> out.append(time.getMonth().getDisplayName(TextStyle.FULL, Locale.US));
            case 'u' -> out.append(time.getDayOfWeek().getValue());
            case 'w' -> out.append(time.getDayOfWeek().getValue() % 7);
            case 'V' -> pad(out, time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0');
            case 'z' -> out.append(DateTimeFormatter.ofPattern("xx", Locale.US).format(time));
            case 'Z' ->
                    out.append(
                            time.getZone() == ZoneOffset.UTC
                                    ? "UTC"
                                    : time.getZone().getDisplayName(TextStyle.SHORT, Locale.US));
            case 'F' -> append(out, time, "%Y-%m-%d");
            case 'T' -> append(out, time, "%H:%M:%S");
            case 'R' -> append(out, time, "%H:%M");
            case 'D' -> append(out, time, "%m/%d/%y");
            case 'r' -> append(out, time, "%I:%M:%S %p");
            case 'c' -> append(out, time, "%a %b %e %H:%M:%S %Y");
            case 'x' -> append(out, time, "%m/%d/%y");
            case 'X' -> append(out, time, "%H:%M:%S");
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            case '%' -> out.append('%');
            default -> out.append('%').append(c);
        }
    }

    private static StringBuilder pad(StringBuilder out, int value, int width, char with) {
        String digits = Integer.toString(value);
        for (int i = digits.length(); i < width; i++) {
            out.append(with);
        }
        return out.append(digits);
    }
}
