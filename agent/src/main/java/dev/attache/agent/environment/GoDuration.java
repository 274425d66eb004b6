package dev.attache.agent.environment;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as Go reads them ({@code time.ParseDuration}): {@code -1h30m}, {@code 1.5s}, {@code 0}.
 */
public final class GoDuration {

    private static final Pattern PART =
            Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
    private static final Map<String, Long> NANOS =
            Map.of(
                    "ns", 1L,
                    "us", 1_000L,
                    "µs", 1_000L,
                    "μs", 1_000L,
                    "ms", 1_000_000L,
                    "s", 1_000_000_000L,
                    "m", 60_000_000_000L,
                    "h", 3_600_000_000_000L);

    /** Longer ones are this one in Go. */
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    private GoDuration() {}

    /**
     * The duration that a text says.
     *
     * @throws IllegalArgumentException if it says none
     */
    public static Duration parse(String text) {
        String unsigned = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
        if (unsigned.equals("0")) {
            return Duration.ZERO;
        }
        Matcher parts = PART.matcher(unsigned);
        BigDecimal nanos = BigDecimal.ZERO;
        int at = 0;
        while (at < unsigned.length()) {
            if (!parts.find(at) || parts.start() != at) {
                throw new IllegalArgumentException("no duration: " + text);
            }
            Long unit = NANOS.get(parts.group(2));
            nanos =
                    nanos.add(
                            new BigDecimal(parts.group(1))
                                    .multiply(BigDecimal.valueOf(unit == null ? 0 : unit)));
            at = parts.end();
        }
        if (at == 0) {
            throw new IllegalArgumentException("no duration: " + text);
        }
        try {
            long value = nanos.toBigInteger().longValueExact();
            return Duration.ofNanos(text.startsWith("-") ? -value : value);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("longer than durations can be: " + text, e);
        }
    }

    /** As Go prints durations: {@code 5s}, {@code 1m30s}, {@code 1.5s}, {@code 100ms}. */
    public static String print(Duration given) {
        Duration duration = given.compareTo(LONGEST) > 0 ? LONGEST : given;
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        if (Math.abs(nanos) < 1_000_000_000L) {
            BigDecimal millis = new BigDecimal(nanos).movePointLeft(6).stripTrailingZeros();
            return millis.toPlainString() + "ms";
        }
        BigDecimal seconds =
                new BigDecimal(nanos % 60_000_000_000L).movePointLeft(9).stripTrailingZeros();
        long minutes = duration.toMinutes();
        String text = minutes == 0 ? "" : minutes % 60 + "m";
        if (minutes >= 60) {
            text = minutes / 60 + "h" + text;
        }
        return text + seconds.toPlainString() + "s";
    }
}
