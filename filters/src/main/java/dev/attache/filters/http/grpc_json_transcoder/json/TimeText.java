package dev.attache.filters.http.grpc_json_transcoder.json;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Timestamps and durations as JSON has them, with none, three, six or nine decimal places. */
final class TimeText {
    private static final long EARLIEST = -62135596800L;
    private static final long LATEST = 253402300799L;
    private static final long LONGEST = 315576000000L;
    private static final int MOST_NANOS = 999_999_999;

    private TimeText() {}

    static String timestamp(long seconds, long nanos) throws Unfit {
        if (seconds < EARLIEST) {
            throw new Unfit("minimum acceptable time value is 0001-01-01T00:00:00Z");
        }
        if (seconds > LATEST) {
            throw new Unfit("maximum acceptable time value is 9999-12-31T23:59:59Z");
        }
        if (nanos < 0 || nanos > MOST_NANOS) {
            throw new Unfit("nanos must be in range [0, +999,999,999]");
        }
        LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        StringBuilder out = new StringBuilder();
        padded(out, time.getYear(), 4).append('-');
        padded(out, time.getMonthValue(), 2).append('-');
        padded(out, time.getDayOfMonth(), 2).append('T');
        padded(out, time.getHour(), 2).append(':');
        padded(out, time.getMinute(), 2).append(':');
        padded(out, time.getSecond(), 2);
        fraction(out, (int) nanos);
        return out.append('Z').toString();
    }

    static String duration(long seconds, long nanos) throws Unfit {
        if (Math.abs(seconds) > LONGEST || Math.abs(nanos) > MOST_NANOS) {
            throw new Unfit("duration out of range");
        }
        if (seconds != 0 && nanos != 0 && seconds < 0 != nanos < 0) {
            throw new Unfit("nanos and seconds signs do not match");
        }
        StringBuilder out = new StringBuilder(seconds < 0 || nanos < 0 ? "-" : "");
        out.append(Math.abs(seconds));
        fraction(out, (int) Math.abs(nanos));
        return out.append('s').toString();
    }

    private static void fraction(StringBuilder out, int nanos) {
        if (nanos == 0) {
            return;
        }
        int figures = 9;
        int value = nanos;
        while (value % 1000 == 0) {
            value /= 1000;
            figures -= 3;
        }
        padded(out.append('.'), value, figures);
    }

    private static StringBuilder padded(StringBuilder out, int value, int figures) {
        String text = Integer.toString(value);
        return out.repeat('0', figures - text.length()).append(text);
    }
}
