package dev.attache.server.admin.message.json;

import dev.attache.proxy.stream.format.json.DecimalText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * JSON text as bytes, in the look of Envoy's pages: one space for each level, and an escape for
 * everything that could harm a page that shows it. Grows until it is taken. Not thread-safe.
 */
public final class JsonOut {
    private static final int FIRST_SIZE = 1 << 12;
    private static final int LAST_ASCII = 0x7f;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private byte[] bytes = new byte[FIRST_SIZE];
    private int size;

    public int size() {
        return size;
    }

    /** What was written since this was asked last. */
    public byte[] take() {
        byte[] taken = Arrays.copyOf(bytes, size);
        size = 0;
        return taken;
    }

    /** ASCII as it is. */
    public void raw(String ascii) {
        int length = ascii.length();
        reserve(length);
        for (int i = 0; i < length; i++) {
            bytes[size++] = (byte) ascii.charAt(i);
        }
    }

    public void raw(char ascii) {
        reserve(1);
        bytes[size++] = (byte) ascii;
    }

    public void line(int depth) {
        reserve(depth + 1);
        bytes[size++] = '\n';
        Arrays.fill(bytes, size, size + depth, (byte) ' ');
        size += depth;
    }

    public void quote(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        quote(utf8, 0, utf8.length);
    }

    /** UTF-8; a space for what is none. */
    public void quote(byte[] utf8, int from, int to) {
        raw('"');
        int at = from;
        while (at < to) {
            int plain = at;
            while (plain < to && isPlain(utf8[plain])) {
                plain++;
            }
            append(utf8, at, plain);
            at = plain < to ? character(utf8, plain, to) : plain;
        }
        raw('"');
    }

    public void base64(byte[] octets, int from, int to) {
        raw('"');
        byte[] encoded = Base64.getEncoder().encode(Arrays.copyOfRange(octets, from, to));
        append(encoded, 0, encoded.length);
        raw('"');
    }

    public void number(double value) {
        if (Double.isFinite(value)) {
            raw(DecimalText.roundTrip(value));
        } else {
            nonFinite(value);
        }
    }

    public void number(float value) {
        if (Float.isFinite(value)) {
            raw(DecimalText.roundTrip(value));
        } else {
            nonFinite(value);
        }
    }

    /** {@code Infinity}, {@code -Infinity} or {@code NaN}, which JSON has no numbers for. */
    private void nonFinite(double value) {
        quote(Double.toString(value));
    }

    private static boolean isPlain(byte octet) {
        return octet >= ' '
                && octet < LAST_ASCII
                && octet != '"'
                && octet != '\\'
                && octet != '<'
                && octet != '>';
    }

    /** Writes one character that may need an escape; returns where the next one begins. */
    private int character(byte[] utf8, int from, int to) {
        int length = Utf8.length(utf8, from, to);
        if (length == 0) {
            raw(' ');
            return from + 1;
        }
        int point = Utf8.point(utf8, from, length);
        char mark = Escapes.mark(point);
        if (mark != 0) {
            raw('\\');
            raw(mark);
        } else if (!Escapes.isEscaped(point)) {
            append(utf8, from, from + length);
        } else if (Character.isBmpCodePoint(point)) {
            unicode((char) point);
        } else {
            unicode(Character.highSurrogate(point));
            unicode(Character.lowSurrogate(point));
        }
        return from + length;
    }

    private void unicode(char unit) {
        raw("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            raw(HEX[unit >> shift & 15]);
        }
    }

    private void append(byte[] source, int from, int to) {
        reserve(to - from);
        System.arraycopy(source, from, bytes, size, to - from);
        size += to - from;
    }

    private void reserve(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
