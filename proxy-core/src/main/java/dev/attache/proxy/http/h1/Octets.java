package dev.attache.proxy.http.h1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Which octets may stand where in an HTTP/1 head: one table look-up each, or eight of them looked
 * at in one step where nearly all of them may.
 */
final class Octets {

    private static final byte[] NAME = new byte[256];
    private static final boolean[] VALUE = new boolean[256];
    private static final boolean[] TARGET = new boolean[256];
    private static final boolean[] AUTHORITY = new boolean[256];

    static {
        String alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
        // RFC 9110 section 5.6.2, tchar.
        for (char c : ("!#$%&'*+-.^_`|~" + alphanumeric).toCharArray()) {
            NAME[c] = (byte) Character.toLowerCase(c);
        }
        // RFC 9110 section 5.5: HTAB, SP, VCHAR, obs-text.
        for (int i = 0; i < 256; i++) {
            VALUE[i] = i == '\t' || (i >= 0x20 && i != 0x7f);
            TARGET[i] = i > 0x20 && i < 0x7f;
        }
        // What nghttp2 and Envoy accept in an authority, user information included.
        for (char c : ("-._~!$&'()*+,;=:@[]%" + alphanumeric).toCharArray()) {
            AUTHORITY[c] = true;
        }
    }

    /** Eight octets of an array at once, the first one lowest. */
    private static final VarHandle EIGHT =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LINE_FEEDS = '\n' * ONES;
    private static final long DELETES = 0x7f * ONES;

    private Octets() {}

    /**
     * The lower-case form of an octet of a field name or method, or 0 where it may not be in one.
     */
    static byte name(byte octet) {
        return NAME[octet & 0xff];
    }

    /** Where the first LF is, or {@code end}. */
    static int lineFeed(byte[] text, int start, int end) {
        int i = start;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            long zeros = below((long) EIGHT.get(text, i) ^ LINE_FEEDS, 1);
            if (zeros != 0) {
                return i + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
            }
        }
        while (i < end && text[i] != '\n') {
            i++;
        }
        return i;
    }

    /** Whether these octets can be the value of a field. */
    static boolean isValue(byte[] text, int start, int end) {
        int i = start;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            long eight = (long) EIGHT.get(text, i);
            if ((below(eight, ' ') | below(eight ^ DELETES, 1)) != 0
                    && !isEachValue(text, i, i + Long.BYTES)) {
                return false;
            }
        }
        return isEachValue(text, i, end);
    }

    static boolean isValue(byte octet) {
        return VALUE[octet & 0xff];
    }

    private static boolean isEachValue(byte[] text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (!isValue(text[i])) {
                return false;
            }
        }
        return true;
    }

    /** 0 where none of eight octets is below {@code limit}, which is at most 128. */
    private static long below(long eight, int limit) {
        return eight - limit * ONES & ~eight & HIGH_BITS;
    }

    static boolean isTarget(byte octet) {
        return TARGET[octet & 0xff];
    }

    static boolean isAuthority(byte octet) {
        return AUTHORITY[octet & 0xff];
    }

    /** RFC 3986 section 3.1. */
    static boolean isScheme(byte octet, boolean first) {
        return isAlpha(octet)
                || (!first && (isDigit(octet) || octet == '+' || octet == '-' || octet == '.'));
    }

    /** What Envoy takes in the name of a host: RFC 952 and RFC 1123, without order. */
    static boolean isHostName(byte octet) {
        return isAlpha(octet) || isDigit(octet) || octet == '-' || octet == '.';
    }

    static boolean isDigit(byte octet) {
        return octet >= '0' && octet <= '9';
    }

    static boolean isAlpha(byte octet) {
        return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
    }

    static boolean isBlank(byte octet) {
        return octet == ' ' || octet == '\t';
    }

    static boolean isLineEnd(byte octet) {
        return octet == '\r' || octet == '\n';
    }

    /** Control characters that are neither blank nor a CR, DEL among them. */
    static boolean hasControl(byte[] text, int start, int end) {
        for (int i = start; i < end; i++) {
            byte b = text[i];
            if (b == 0x7f || (b >= 0 && b < ' ' && b != '\t' && b != '\r')) {
                return true;
            }
        }
        return false;
    }

    /** Puts a blank in the place of each octet that ends a line, or a text in C. */
    static void blankLineEnds(byte[] text, int start, int end) {
        int i = start;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            if (below((long) EIGHT.get(text, i), '\r' + 1) != 0) {
                blankEach(text, i, i + Long.BYTES);
            }
        }
        blankEach(text, i, end);
    }

    private static void blankEach(byte[] text, int start, int end) {
        for (int i = start; i < end; i++) {
            byte octet = text[i];
            if (octet == '\r' || octet == '\n' || octet == 0) {
                text[i] = ' ';
            }
        }
    }

    static boolean isAuthority(byte[] text, int start, int end) {
        for (int i = start; i < end; i++) {
            if (!isAuthority(text[i])) {
                return false;
            }
        }
        return true;
    }

    static boolean equals(byte[] text, int start, int end, byte[] expected) {
        return java.util.Arrays.equals(text, start, end, expected, 0, expected.length);
    }

    /** {@code expected} is lower case. */
    static boolean equalsIgnoreCase(byte[] text, int start, int end, String expected) {
        if (end - start != expected.length()) {
            return false;
        }
        for (int i = start; i < end; i++) {
            int c = text[i];
            if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != expected.charAt(i - start)) {
                return false;
            }
        }
        return true;
    }
}
