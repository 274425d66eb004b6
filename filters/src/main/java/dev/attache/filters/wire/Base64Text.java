package dev.attache.filters.wire;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Base64 with or without padding, but with no bits beyond what it encodes. Stateless. */
public final class Base64Text {

    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private Base64Text() {}

    /** The octets; empty where it is no Base64. */
    public static String decode(String text) {
        int end = text.length();
        for (int i = 0; i < 2 && end > 0 && text.charAt(end - 1) == '='; i++) {
            end--;
        }
        int left = end % 4;
        if (end == 0 || left == 1 || left > 1 && hasBitsLeft(text.charAt(end - 1), left)) {
            return "";
        }
        try {
            byte[] bytes =
                    Base64.getDecoder()
                            .decode(text.substring(0, end).getBytes(StandardCharsets.ISO_8859_1));
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return ""; // no Base64, which the caller counts
        }
    }

    private static boolean hasBitsLeft(char last, int left) {
        int unused = left == 2 ? 0b1111 : 0b11;
        return (ALPHABET.indexOf(last) & unused) != 0;
    }
}
