package dev.attache.filters.jwt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Base64url (RFC 4648 section 5) as Abseil's {@code WebSafeBase64Unescape} reads it: padding may be
 * left out, white space may stand anywhere, and bits that are left over are not looked at.
 */
final class Base64Url {

    private static final byte[] VALUES = values();

    private Base64Url() {}

    private static byte[] values() {
        byte[] values = new byte[128];
        Arrays.fill(values, (byte) -1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (int i = 0; i < alphabet.length(); i++) {
            values[alphabet.charAt(i)] = (byte) i;
        }
        return values;
    }

    /** The bytes, or null where the text is no Base64url. */
    static byte @Nullable [] decode(String text) {
        byte[] out = new byte[text.length() / 4 * 3 + 3];
        int size = 0;
        int bits = 0;
        int held = 0;
        int at = 0;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            int value = c < 128 ? VALUES[c] : -1;
            if (value < 0) {
                if (isSpace(c)) {
                    continue;
                }
                break;
            }
            bits = bits << 6 | value;
            if (++held == 4) {
                out[size++] = (byte) (bits >> 16);
                out[size++] = (byte) (bits >> 8);
                out[size++] = (byte) bits;
                held = 0;
            }
        }
        if (held == 1 || !isPadding(text, at, held == 0 ? 0 : 4 - held)) {
            return null;
        }
        if (held > 1) {
            out[size++] = (byte) (held == 2 ? bits >> 4 : bits >> 10);
        }
        if (held == 3) {
            out[size++] = (byte) (bits >> 2);
        }
        return Arrays.copyOf(out, size);
    }

    /** Whether nothing follows but as many signs as are due, or none. */
    private static boolean isPadding(String text, int from, int due) {
        int signs = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '=' || c == '.') {
                signs++;
            } else if (!isSpace(c)) {
                return false;
            }
        }
        return signs == 0 || signs == due;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }
}
