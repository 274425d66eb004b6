package dev.attache.filters.http.basic_auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/**
 * Who is let in. Immutable, any thread.
 *
 * @param hashes of passwords by name, as octets: SHA-1 in Base64, as bytes of ASCII
 */
record Users(Map<String, byte[]> hashes) {

    Users {
        hashes = Map.copyOf(hashes);
    }

    /** Whether that is the password of that user; takes the same time wherever hashes differ. */
    boolean know(String name, String password) {
        byte[] expected = hashes.get(name);
        return expected != null && MessageDigest.isEqual(expected, hash(password));
    }

    private static byte[] hash(String octets) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1")
                            .digest(octets.getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encode(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
