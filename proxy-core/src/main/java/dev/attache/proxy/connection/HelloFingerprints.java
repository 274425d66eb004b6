package dev.attache.proxy.connection;

import org.jspecify.annotations.Nullable;

/**
 * Fingerprints of a client's TLS hello, as the TLS inspector was told to take them. Immutable.
 *
 * @param ja3 {@code %TLS_JA3_FINGERPRINT%}, 32 hexadecimal digits; null = not taken
 * @param ja4 {@code %TLS_JA4_FINGERPRINT%}; null = not taken
 */
public record HelloFingerprints(@Nullable String ja3, @Nullable String ja4) {

    public static final HelloFingerprints NONE = new HelloFingerprints(null, null);
}
