package dev.attache.server.admin.access;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** Whether a private key is that of a public one: what one signs the other verifies. */
final class KeyPairing {

    private static final byte[] SIGNED = {1, 2, 3};

    private KeyPairing() {}

    /**
     * Signs with one and verifies with the other.
     *
     * @throws GeneralSecurityException where the JDK signs with no keys of that kind
     */
    static boolean belongs(PrivateKey own, PublicKey other) throws GeneralSecurityException {
        if (!own.getAlgorithm().equals(other.getAlgorithm())) {
            return false;
        }
        String algorithm =
                switch (own.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> own.getAlgorithm();
                };
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(own);
        signature.update(SIGNED);
        byte[] signed = signature.sign();
        signature.initVerify(other);
        signature.update(SIGNED);
        return signature.verify(signed);
    }
}
