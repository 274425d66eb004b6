package dev.attache.filters.cel.value;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Durations and points in time out of text, which may be a request's: as Envoy's library reads them
 * (absl's {@code ParseDuration}, and {@code ParseTime} with RFC 3339). Fractions of a nanosecond
 * are left out. Stateless.
 */
public final class TimeReader {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    /** Digits of a fraction that are looked at, so that they are a number of 64 bits. */
    private static final int FRACTION_DIGITS = 18;

    private static final int NANO_DIGITS = 9;

    /** Years are those that Java's dates know. */
    private static final Pattern TIMESTAMP =
            Pattern.compile(
                    "[ \\t-\\r]*(-?\\d{1,9})-(\\d{1,2})-(\\d{1,2})[Tt]"
                            + "(\\d{1,2}):(\\d{1,2}):(\\d{1,2})(?:\\.(\\d+))?"
                            + "(?:[Zz]|([+-])(\\d{2})(?::?(\\d{2})(?::?(\\d{2}))?)?)[ \\t-\\r]*");

    private final String text;
    private int at;
    private long seconds;
    private long nanos;

    private TimeReader(String text) {
        this.text = text;
    }

    /**
     * {@code 1h30m}, {@code -1.5ms}; null where it is none, or one that protobuf does not allow.
     */
    public static @Nullable Duration duration(String text) {
        boolean negative = text.startsWith("-");
        TimeReader reader = new TimeReader(text);
        reader.at = negative || text.startsWith("+") ? 1 : 0;
        if (text.length() == reader.at + 1 && text.charAt(reader.at) == '0') {
            return Duration.ZERO;
        }
        if (text.length() == reader.at) {
            return null;
        }
        while (reader.at < text.length()) {
            if (!reader.part()) {
                return null;
            }
        }
        Duration size = Duration.ofSeconds(reader.seconds, reader.nanos);
        return negative ? size.negated() : size;
    }

    /** A number and its unit; false where they are none, or the sum is too large already. */
    private boolean part() {
        int start = at;
        int wholeEnd = digitsEnd();
        at = wholeEnd;
        int fraction = at;
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            fraction = at;
            at = digitsEnd();
        }
        int fractionEnd = at;
        long unit = unit();
        if (unit == 0 || wholeEnd == start && fractionEnd == fraction) {
            return false;
        }
        long whole = Digits.number(text, start, wholeEnd);
        return whole >= 0 && add(whole, unit) && addFraction(fraction, fractionEnd, unit);
    }

    private int digitsEnd() {
        int end = at;
        while (end < text.length() && Digits.isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** The unit that stands here, in nanoseconds; 0 of none. */
    private long unit() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= 'a' && text.charAt(at) <= 'z') {
            at++;
        }
        return switch (text.substring(start, at)) {
            case "ns" -> 1;
            case "us" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> NANOS_PER_SECOND;
            case "m" -> 60 * NANOS_PER_SECOND;
            case "h" -> 3_600 * NANOS_PER_SECOND;
            default -> 0;
        };
    }

    private boolean add(long count, long unit) {
        long perSecond = Math.max(1, NANOS_PER_SECOND / unit);
        long secondsOfUnit = Math.max(1, unit / NANOS_PER_SECOND);
        long whole = count / perSecond;
        if (whole > Times.MAX_SECONDS / secondsOfUnit) {
            return false;
        }
        return carry(whole * secondsOfUnit, count % perSecond * unit % NANOS_PER_SECOND);
    }

    private boolean addFraction(int start, int end, long unit) {
        int digits = Math.min(end - start, FRACTION_DIGITS);
        if (digits == 0) {
            return true;
        }
        BigInteger part =
                BigInteger.valueOf(Digits.number(text, start, start + digits))
                        .multiply(BigInteger.valueOf(unit))
                        .divide(BigInteger.TEN.pow(digits));
        return carry(part.longValue() / NANOS_PER_SECOND, part.longValue() % NANOS_PER_SECOND);
    }

    private boolean carry(long moreSeconds, long moreNanos) {
        nanos += moreNanos;
        seconds += moreSeconds + nanos / NANOS_PER_SECOND;
        nanos %= NANOS_PER_SECOND;
        return seconds <= Times.MAX_SECONDS;
    }

    /** RFC 3339, its numbers without their zeros too; null where it is none. */
    public static @Nullable Instant timestamp(String text) {
        Matcher match = TIMESTAMP.matcher(text);
        if (!match.matches() || isMinusZero(match.group(1))) {
            return null;
        }
        int year = number(match, 1);
        int month = number(match, 2);
        int day = number(match, 3);
        int hour = number(match, 4);
        int minute = number(match, 5);
        int second = number(match, 6);
        boolean fits =
                month >= 1
                        && month <= 12
                        && day >= 1
                        && day <= YearMonth.of(year, month).lengthOfMonth()
                        && hour <= 23
                        && minute <= 59
                        && second <= 60
                        && number(match, 9) <= 23
                        && number(match, 10) <= 59
                        && number(match, 11) <= 59;
        if (!fits) {
            return null;
        }
        long east = (number(match, 9) * 60 + number(match, 10)) * 60L + number(match, 11);
        long time =
                LocalDate.of(year, month, day).toEpochDay() * 86_400
                        + (hour * 60 + minute) * 60L
                        + second
                        - ("-".equals(match.group(8)) ? -east : east);
        // A leap second has no parts.
        long nanos = second == 60 ? 0 : nanosOf(match.group(7));
        return Times.instant(time, nanos) instanceof Instant instant ? instant : null;
    }

    private static boolean isMinusZero(String year) {
        return year.charAt(0) == '-' && Digits.number(year, 1, year.length()) == 0;
    }

    /** A group that is a number, or 0 where it took no part. */
    private static int number(Matcher match, int group) {
        int start = match.start(group);
        return start < 0 ? 0 : Integer.parseInt(match.group(group));
    }

    private static long nanosOf(@Nullable String fraction) {
        if (fraction == null) {
            return 0;
        }
        int digits = Math.min(fraction.length(), NANO_DIGITS);
        long number = Digits.number(fraction, 0, digits);
        for (int i = digits; i < NANO_DIGITS; i++) {
            number *= 10;
        }
        return number;
    }
}
