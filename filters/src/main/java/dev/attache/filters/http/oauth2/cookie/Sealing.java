package dev.attache.filters.http.oauth2.cookie;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts what cookies hold: AES-256-CBC, or AES-256-GCM marked as such, each behind its random
 * vector and in Base64url. Texts are octets. Immutable.
 *
 * @param gcm {@code envoy.reloadable_features.oauth2_use_gcm_encryption}
 * @param readsCbc {@code envoy.reloadable_features.oauth2_legacy_cbc_decrypt_compat}
 */
public record Sealing(boolean gcm, boolean readsCbc) {

    private static final String MARK = "gcm.";
    private static final String INVALID = "Invalid encrypted data";
    private static final int CBC_VECTOR = 16;
    private static final int GCM_VECTOR = 12;
    private static final int TAG = 16;

    /**
     * What came of opening.
     *
     * @param text empty with an error
     * @param error in Envoy's words, or null
     * @param cbc it was encrypted the old way
     */
    public record Opened(String text, @Nullable String error, boolean cbc) {
        private static Opened failed(String error) {
            return new Opened("", error, false);
        }
    }

    public String seal(String text, Keys keys, SecureRandom random) {
        byte[] vector = new byte[gcm ? GCM_VECTOR : CBC_VECTOR];
        random.nextBytes(vector);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, gcm, keys, vector);
            byte[] sealed = cipher.doFinal(text.getBytes(StandardCharsets.ISO_8859_1));
            byte[] whole = Arrays.copyOf(vector, vector.length + sealed.length);
            System.arraycopy(sealed, 0, whole, vector.length, sealed.length);
            return (gcm ? MARK : "") + Base64Url.encode(whole);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES", e);
        }
    }

    public Opened open(String sealed, Keys keys) {
        if (sealed.startsWith(MARK)) {
            return open(Base64Url.decode(sealed.substring(MARK.length())), true, keys);
        }
        if (!readsCbc) {
            return Opened.failed(
                    "ciphertext has no algorithm marker and legacy CBC decryption is disabled");
        }
        return open(Base64Url.decode(sealed), false, keys);
    }

    private static Opened open(byte[] whole, boolean gcm, Keys keys) {
        int vector = gcm ? GCM_VECTOR : CBC_VECTOR;
        if (gcm ? whole.length < vector + TAG : whole.length <= vector) {
            return Opened.failed(INVALID);
        }
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, gcm, keys, Arrays.copyOf(whole, vector));
            byte[] text = cipher.doFinal(whole, vector, whole.length - vector);
            return new Opened(new String(text, StandardCharsets.ISO_8859_1), null, !gcm);
        } catch (GeneralSecurityException e) {
            return Opened.failed("failed to finalize decryption");
        }
    }

    private static Cipher cipher(int mode, boolean gcm, Keys keys, byte[] vector)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(gcm ? "AES/GCM/NoPadding" : "AES/CBC/PKCS5Padding");
        cipher.init(
                mode,
                keys.sealing(),
                gcm ? new GCMParameterSpec(TAG * 8, vector) : new IvParameterSpec(vector));
        return cipher;
    }
}
