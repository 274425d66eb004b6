package dev.attache.filters.jwt;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What a signature is verified with. The key says how that is done, whatever the token says: with
 * RSA, a curve or a secret. The token says by which digest, and for RSA which padding. Immutable;
 * any thread.
 */
sealed interface VerificationKey {

    JwtStatus verify(Jwt jwt);

    /** RSA, with the padding that the token names: PKCS 1 or PSS. */
    record Rsa(PublicKey key) implements VerificationKey {
        @Override
        public JwtStatus verify(Jwt jwt) {
            Algorithm algorithm = jwt.algorithm();
            Algorithm.Digest digest = algorithm.digest();
            if (algorithm.isRsaPkcs1()) {
                return signed(jwt, key, digest.inAlgorithms + "withRSA", null);
            }
            if (!algorithm.isRsaPss()) {
                return JwtStatus.VERIFICATION_FAIL;
            }
            // RFC 7518 section 3.5: the salt is as long as the digest.
            PSSParameterSpec pss =
                    new PSSParameterSpec(
                            digest.name,
                            "MGF1",
                            new MGF1ParameterSpec(digest.name),
                            digest.length,
                            PSSParameterSpec.TRAILER_FIELD_BC);
            return signed(jwt, key, "RSASSA-PSS", pss);
        }
    }

    /** A curve of RFC 7518; both halves of the signature stand beside each other. */
    record Ec(PublicKey key) implements VerificationKey {
        @Override
        public JwtStatus verify(Jwt jwt) {
            String digest = jwt.algorithm().digest().inAlgorithms;
            return signed(jwt, key, digest + "withECDSAinP1363Format", null);
        }
    }

    /** A secret that both sides know. */
    record Oct(SecretKeySpec key) implements VerificationKey {
        @Override
        public JwtStatus verify(Jwt jwt) {
            try {
                Mac mac = Mac.getInstance("Hmac" + jwt.algorithm().digest().inAlgorithms);
                mac.init(key);
                return MessageDigest.isEqual(mac.doFinal(jwt.signed()), jwt.signature())
                        ? JwtStatus.OK
                        : JwtStatus.VERIFICATION_FAIL;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JDK has HMAC", e);
            }
        }
    }

    /**
     * Ed25519.
     *
     * @param key null: 32 bytes that are no point of the curve, by which nothing was signed
     */
    record Ed25519(@Nullable PublicKey key) implements VerificationKey {
        private static final int SIGNATURE_LENGTH = 64;

        @Override
        public JwtStatus verify(Jwt jwt) {
            if (jwt.signature().length != SIGNATURE_LENGTH) {
                return JwtStatus.ED25519_SIGNATURE_WRONG_LENGTH;
            }
            return key == null ? JwtStatus.VERIFICATION_FAIL : signed(jwt, key, "Ed25519", null);
        }
    }

    /** What the JDK says; a signature that it cannot read is a wrong one. */
    private static JwtStatus signed(
            Jwt jwt, PublicKey key, String algorithm, @Nullable AlgorithmParameterSpec parameters) {
        Signature signature;
        try {
            signature = Signature.getInstance(algorithm);
            if (parameters != null) {
                signature.setParameter(parameters);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
        try {
            signature.initVerify(key);
            signature.update(jwt.signed());
            return signature.verify(jwt.signature()) ? JwtStatus.OK : JwtStatus.VERIFICATION_FAIL;
        } catch (InvalidKeyException | java.security.SignatureException e) {
            return JwtStatus.VERIFICATION_FAIL;
        }
    }
}
