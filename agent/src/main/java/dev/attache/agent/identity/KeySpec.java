package dev.attache.agent.identity;

import dev.attache.agent.environment.Environment;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * What key a workload has. Immutable; any thread.
 *
 * @param curve of ECDSA; null for RSA
 * @param bits of RSA
 * @param pkcs8 whether it is written as PKCS#8
 */
public record KeySpec(@Nullable String curve, int bits, boolean pkcs8) {

    private static final int LEAST_BITS = 2048;

    /**
     * By {@code ECC_SIGNATURE_ALGORITHM}, {@code ECC_CURVE}, {@code WORKLOAD_RSA_KEY_SIZE} and
     * {@code PKCS8_KEY}.
     *
     * @throws IllegalArgumentException if they name what Istio's agent would not make
     */
    public static KeySpec of(Environment environment) {
        boolean pkcs8 = environment.truth("PKCS8_KEY", false);
        String algorithm = environment.text("ECC_SIGNATURE_ALGORITHM", "");
        if (algorithm.equals("ECDSA")) {
            boolean larger = environment.text("ECC_CURVE", "P256").equals("P384");
            return new KeySpec(larger ? "secp384r1" : "secp256r1", 0, pkcs8);
        }
        if (!algorithm.isEmpty()) {
            throw new IllegalArgumentException(
                    "ECC_SIGNATURE_ALGORITHM="
                            + algorithm
                            + ": csr cert generation fails due to unsupported EC signature"
                            + " algorithm; ECDSA is built");
        }
        int bits = environment.number("WORKLOAD_RSA_KEY_SIZE", LEAST_BITS);
        if (bits < LEAST_BITS) {
            throw new IllegalArgumentException(
                    "WORKLOAD_RSA_KEY_SIZE: requested key size does not meet the minimum required"
                            + " size of "
                            + LEAST_BITS
                            + " (requested: "
                            + bits
                            + ")");
        }
        return new KeySpec(null, bits, pkcs8);
    }

    /** A new key; of RSA this takes a processor for some tenths of a second. */
    public KeyPair generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(curve == null ? "RSA" : "EC");
            if (curve == null) {
                generator.initialize(bits);
            } else {
                generator.initialize(new ECGenParameterSpec(curve));
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key of " + this, e); // each JDK has them
        }
    }

    /** How its requests are signed. */
    public String signature() {
        if (curve == null) {
            return "SHA256withRSA";
        }
        return curve.equals("secp384r1") ? "SHA384withECDSA" : "SHA256withECDSA";
    }
}
