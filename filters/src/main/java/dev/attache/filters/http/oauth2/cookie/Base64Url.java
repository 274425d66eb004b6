package dev.attache.filters.http.oauth2.cookie;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Base64url without padding (RFC 4648 section 5), read as strictly as Envoy does. Stateless. */
public final class Base64Url {

    private static final byte[] NONE = new byte[0];

    private Base64Url() {}

    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The bytes; none where the text is no Base64url, is padded, or has bits left over. */
    public static byte[] decode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return NONE;
            }
        }
        if (text.length() % 4 == 1) {
            return NONE;
        }
        byte[] bytes = Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
        return encode(bytes).equals(text) ? bytes : NONE;
    }

    private static boolean isDigit(char c) {
        return c >= 'A' && c <= 'Z'
                || c >= 'a' && c <= 'z'
                || c >= '0' && c <= '9'
                || c == '-'
                || c == '_';
    }
}
