package dev.attache.server.admin.message;

import dev.attache.api.MessageType;
import dev.attache.server.admin.message.wire.MessageBytes;
import dev.attache.server.admin.message.wire.WireField;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;

/** Durations, points in time and field masks as the texts that JSON has for them. Pure. */
final class TimeText {
    private static final int SECONDS = 1;
    private static final int NANOS = 2;

    private TimeText() {}

    /** {@code 1.500s}: fractions of three, six or nine digits. */
    static String duration(MessageBytes message) {
        long seconds = 0;
        int nanos = 0;
        for (WireField field : message.fields()) {
            seconds = field.number() == SECONDS ? number(field) : seconds;
            nanos = field.number() == NANOS ? (int) number(field) : nanos;
        }
        String sign = seconds < 0 || nanos < 0 ? "-" : "";
        return sign + Long.toString(seconds).replace("-", "") + fraction(Math.abs(nanos)) + "s";
    }

    /** {@code 2026-11-29T09:01:22.792Z}. */
    static String timestamp(MessageBytes message) {
        long seconds = 0;
        int nanos = 0;
        for (WireField field : message.fields()) {
            seconds = field.number() == SECONDS ? number(field) : seconds;
            nanos = field.number() == NANOS ? (int) number(field) : nanos;
        }
        long kept = Math.clamp(seconds, Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond());
        ZonedDateTime time = Instant.ofEpochSecond(kept).atZone(ZoneOffset.UTC);
        StringBuilder text = new StringBuilder();
        padded(text, time.getYear(), 4).append('-');
        padded(text, time.getMonthValue(), 2).append('-');
        padded(text, time.getDayOfMonth(), 2).append('T');
        padded(text, time.getHour(), 2).append(':');
        padded(text, time.getMinute(), 2).append(':');
        padded(text, time.getSecond(), 2);
        return text.append(fraction(Math.abs(nanos))).append('Z').toString();
    }

    /** {@code a.bC,d}: paths with JSON's names. */
    static String fieldMask(MessageBytes message) {
        StringBuilder text = new StringBuilder();
        List<WireField> paths = message.fields();
        for (WireField path : paths) {
            text.append(text.isEmpty() ? "" : ",");
            boolean upper = false;
            for (char c : path.text().toCharArray()) {
                if (c == '_') {
                    upper = true;
                } else {
                    text.append(upper ? Character.toUpperCase(c) : c);
                    upper = false;
                }
            }
        }
        return text.toString();
    }

    /** What a duration is of which nothing is known. */
    static String unset(MessageType type) {
        return Form.of(type) == Form.DURATION ? "0s" : "1970-01-01T00:00:00Z";
    }

    private static String fraction(int nanos) {
        if (nanos == 0) {
            return "";
        }
        int digits = 9;
        int left = nanos;
        while (left % 1000 == 0) {
            left /= 1000;
            digits -= 3;
        }
        return padded(new StringBuilder("."), left, digits).toString();
    }

    private static StringBuilder padded(StringBuilder text, int number, int digits) {
        String known = Integer.toString(number);
        return text.repeat('0', Math.max(0, digits - known.length())).append(known);
    }

    private static long number(WireField field) {
        try {
            return field.open().readInt64();
        } catch (IOException e) {
            throw new UncheckedIOException("a value that was read once", e);
        }
    }
}
