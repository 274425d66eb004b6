package dev.attache.proxy.tracing;

import java.nio.charset.StandardCharsets;

/** Identifiers of traces and spans, which travel as hexadecimal digits. Stateless. */
public final class TraceIds {

    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);

    private TraceIds() {}

    /** 16 digits. */
    public static String hex(long value) {
        byte[] text = new byte[16];
        put(text, 0, value);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** 32 digits. */
    public static String hex(long high, long low) {
        byte[] text = new byte[32];
        put(text, 0, high);
        put(text, 16, low);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void put(byte[] text, int at, long value) {
        for (int i = 0; i < 16; i++) {
            text[at + i] = DIGITS[(int) (value >>> (60 - 4 * i)) & 15];
        }
    }

    public static boolean isHex(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 'f' || Character.digit(text.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    public static boolean isZero(String digits) {
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) != '0') {
                return false;
            }
        }
        return true;
    }
}
