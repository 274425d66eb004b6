package dev.attache.filters.stateful_session;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Base64 as Envoy takes it: with padding, and nothing left over. Pure. */
public final class StrictBase64 {
    private StrictBase64() {}

    public static String encode(String octets) {
        return encode(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    public static String encode(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The bytes; none where the text is not what {@link #encode} makes of any. */
    public static byte[] decode(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0]; // no Base64
        }
        return encode(bytes).equals(text) ? bytes : new byte[0];
    }

    /** The same as octets. */
    public static String decodeOctets(String text) {
        return new String(decode(text), StandardCharsets.ISO_8859_1);
    }
}
