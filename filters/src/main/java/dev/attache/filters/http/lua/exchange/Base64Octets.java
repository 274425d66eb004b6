package dev.attache.filters.http.lua.exchange;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Base64 (RFC 4648, section 4) as {@code absl::Base64Unescape} reads it: blanks are skipped. */
public final class Base64Octets {
    private Base64Octets() {}

    public static byte @Nullable [] decode(String octets) {
        StringBuilder plain = new StringBuilder(octets.length());
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (c != ' ' && (c < '\t' || c > '\r')) {
                plain.append(c);
            }
        }
        try {
            return Base64.getDecoder()
                    .decode(plain.toString().getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            return null; // no base64: the script gets nil
        }
    }
}
