package dev.attache.filters.http.grpc_json_transcoder.json;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Timestamps and durations as JSON has them (RFC 3339; seconds with an s). */
final class TimeReader {
    private static final long EARLIEST = -62135596800L;
    private static final long LATEST = 253402300799L;
    private static final long LONGEST = 315576000000L;
    private static final int SECOND = 1_000_000_000;

    final long seconds;
    final int nanos;

    private TimeReader(long seconds, int nanos) {
        this.seconds = seconds;
        this.nanos = nanos;
    }

    static TimeReader timestamp(Scalar value) throws Unfit {
        if (value.type() != Scalar.Type.STRING) {
            throw new Unfit("Invalid data type for timestamp, value is " + value.shown());
        }
        String text = value.text();
        long offset = 0;
        if (text.endsWith("Z")) {
            text = text.substring(0, text.length() - 1);
        } else {
            int sign = Math.max(text.lastIndexOf('+'), text.lastIndexOf('-'));
            offset = sign < 0 ? Long.MIN_VALUE : offset(text.substring(sign));
            if (offset == Long.MIN_VALUE) {
                throw new Unfit(
                        "Illegal timestamp format; timestamps must end with 'Z' or have a valid"
                                + " timezone offset.");
            }
            text = text.substring(0, sign);
        }
        int dot = text.lastIndexOf('.');
        long seconds = dateTime(dot < 0 ? text : text.substring(0, dot));
        int nanos =
                nanos(
                        dot < 0 ? "" : text.substring(dot + 1),
                        "Invalid time format, failed to parse nano seconds",
                        "Timestamp value exceeds limits");
        seconds -= offset;
        if (seconds > LATEST || seconds < EARLIEST) {
            throw new Unfit("Timestamp value exceeds limits");
        }
        return new TimeReader(seconds, nanos);
    }

    static TimeReader duration(Scalar value) throws Unfit {
        if (value.type() != Scalar.Type.STRING) {
            throw new Unfit("Invalid data type for duration, value is " + value.shown());
        }
        String text = value.text();
        if (!text.endsWith("s")) {
            throw new Unfit("Illegal duration format; duration must end with 's'");
        }
        text = text.substring(0, text.length() - 1);
        boolean negative = text.startsWith("-");
        text = negative ? text.substring(1) : text;
        int dot = text.lastIndexOf('.');
        long seconds;
        try {
            seconds = Long.parseUnsignedLong(dot < 0 ? text : text.substring(0, dot));
        } catch (NumberFormatException e) {
            throw new Unfit("Invalid duration format, failed to parse seconds");
        }
        int nanos =
                nanos(
                        dot < 0 ? "" : text.substring(dot + 1),
                        "Invalid duration format, failed to parse nano seconds",
                        "Duration value exceeds limits");
        seconds = negative ? -seconds : seconds;
        if (seconds > LONGEST || seconds < -LONGEST || nanos >= SECOND) {
            throw new Unfit("Duration value exceeds limits");
        }
        return new TimeReader(seconds, negative ? -nanos : nanos);
    }

    /** {@code +hh:mm} in seconds; the least number for what is none. */
    private static long offset(String text) {
        int hours = text.length() == 6 ? number(text, 1, 3) : -1;
        int minutes = hours < 0 || text.charAt(3) != ':' ? -1 : number(text, 4, 6);
        if (minutes < 0 || hours >= 24 || minutes >= 60) {
            return Long.MIN_VALUE;
        }
        long offset = (hours * 60L + minutes) * 60;
        return text.charAt(0) == '-' ? -offset : offset;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + c - '0';
        }
        return from == to ? -1 : number;
    }

    /** Four figures of a year; of the rest one or two each. */
    private static long dateTime(String text) throws Unfit {
        int[] parts = new int[6];
        int at = 0;
        String separators = "--T::";
        for (int i = 0; i < parts.length; i++) {
            int to =
                    i < separators.length()
                            ? text.indexOf(separators.charAt(i), at)
                            : text.length();
            int size = to - at;
            parts[i] = to < 0 || size > (i == 0 ? 4 : 2) ? -1 : number(text, at, to);
            if (parts[i] < 0 || (i == 0 && size != 4)) {
                throw new Unfit("Invalid time format: Failed to parse input");
            }
            at = to + 1;
        }
        try {
            int leap = parts[5] == 60 ? 1 : 0;
            return LocalDateTime.of(
                                    parts[0],
                                    parts[1],
                                    parts[2],
                                    parts[3],
                                    parts[4],
                                    parts[5] - leap)
                            .toEpochSecond(ZoneOffset.UTC)
                    + leap;
        } catch (DateTimeException e) {
            throw new Unfit("Invalid time format: Out-of-range field");
        }
    }

    private static int nanos(String figures, String wrong, String tooMuch) throws Unfit {
        if (figures.isEmpty()) {
            return 0;
        }
        int value = 0;
        int zeros = 0;
        while (zeros < figures.length() && figures.charAt(zeros) == '0') {
            zeros++;
        }
        if (zeros < figures.length()) {
            try {
                value = Integer.parseInt(figures.substring(zeros));
            } catch (NumberFormatException e) {
                throw new Unfit(wrong);
            }
        }
        if (value > SECOND || value < 0) {
            throw new Unfit(tooMuch);
        }
        if (zeros < figures.length() && number(figures, zeros, figures.length()) < 0) {
            throw new Unfit(wrong);
        }
        if (value > 0 && figures.length() > 9) {
            throw new Unfit(tooMuch);
        }
        for (int i = figures.length(); i < 9; i++) {
            value *= 10;
        }
        return value;
    }
}
