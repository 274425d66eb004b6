package dev.attache.agent.pem;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;

/** Whether a private and a public key belong together. Stateless; any thread. */
public final class KeyMatch {

    private static final byte[] TRIAL = "trial".getBytes(StandardCharsets.US_ASCII);

    private KeyMatch() {}

    /** Signs something with one and checks it with the other. */
    public static boolean of(PrivateKey secret, PublicKey open) {
        boolean rsa = secret.getAlgorithm().equals("RSA");
        if (rsa != open.getAlgorithm().equals("RSA")) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(secret);
            signature.update(TRIAL);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(TRIAL);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // of another curve, for instance
        }
    }
}
