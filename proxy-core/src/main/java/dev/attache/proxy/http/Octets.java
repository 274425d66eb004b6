package dev.attache.proxy.http;

import java.nio.charset.StandardCharsets;

/**
 * Text as octets: a string whose characters are bytes (ISO 8859-1), which is how header values, log
 * lines and bodies of local replies travel here. What configuration writes beyond ASCII becomes its
 * UTF-8 bytes. Stateless.
 */
public final class Octets {

    private Octets() {}

    /** The octets of {@code text} in UTF-8; the same string where it is ASCII. */
    public static String of(String text) {
        return isAscii(text)
                ? text
                : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** The way back: the text that the octets are in UTF-8. */
    public static String text(String octets) {
        return isAscii(octets)
                ? octets
                : new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    public static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Whether the octets are well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates). */
    public static boolean isUtf8(String octets) {
        int at = 0;
        while (at < octets.length()) {
            int length = sequence(octets, at);
            if (length == 0) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /** Length of the well-formed sequence that begins at {@code at}, or 0. */
    private static int sequence(String octets, int at) {
        int first = octets.charAt(at);
        if (first < 0x80) {
            return 1;
        }
        if (first < 0xc2 || first > 0xf4) {
            return 0;
        }
        int length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        if (at + length > octets.length()) {
            return 0;
        }
        int second = octets.charAt(at + 1);
        int low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < low || second > high) {
            return 0;
        }
        for (int i = 2; i < length; i++) {
            if ((octets.charAt(at + i) & 0xc0) != 0x80 || octets.charAt(at + i) > 0xff) {
                return 0;
            }
        }
        return length;
    }
}
