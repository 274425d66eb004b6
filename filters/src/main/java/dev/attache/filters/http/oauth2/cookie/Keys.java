package dev.attache.filters.http.oauth2.cookie;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** What one HMAC secret signs and seals with. Texts are octets. Loop-confined. */
public final class Keys {

    private final Mac mac;
    private final SecretKey sealing;

    /**
     * @param secret not empty
     */
    public Keys(byte[] secret) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret);
            sealing = new SecretKeySpec(digest, "AES");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    SecretKey sealing() {
        return sealing;
    }

    /** HMAC-SHA-256 in Base64. */
    public String sign(String text) {
        return Base64.getEncoder().encodeToString(hmac(text));
    }

    private byte[] hmac(String text) {
        return mac.doFinal(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Whether a signature is of the text, as they are made, or as they once were. */
    public boolean isSigned(String text, String signature) {
        byte[] hmac = hmac(text);
        String hex = HexFormat.of().formatHex(hmac);
        return isSame(Base64.getEncoder().encodeToString(hmac), signature)
                | isSame(
                        Base64.getEncoder()
                                .encodeToString(hex.getBytes(StandardCharsets.ISO_8859_1)),
                        signature);
    }

    /** Whether texts are the same, in a time that does not tell where they differ. */
    public static boolean isSame(String a, String b) {
        return MessageDigest.isEqual(
                a.getBytes(StandardCharsets.ISO_8859_1), b.getBytes(StandardCharsets.ISO_8859_1));
    }
}
