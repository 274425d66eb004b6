package dev.attache.proxy.tls;

import dev.attache.proxy.tls.x509.PemMaterial;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parsed certificate chain with its key: who we are in a handshake. Immutable, any thread.
 *
 * @param chain leaf first
 * @param ocspStaple DER, or null
 */
record Identity(
        X509Certificate[] chain, PrivateKey key, byte @Nullable [] ocspStaple, String origin) {

    /**
     * @throws GeneralSecurityException if the material cannot be read or key and certificate differ
     */
    static Identity parse(TlsSecret.Certificate secret) throws GeneralSecurityException {
        Identity identity = secret.pkcs12() != null ? pkcs12(secret) : pem(secret);
        if (!matches(identity.leaf(), identity.key)) {
            throw new GeneralSecurityException(
                    "Failed to load private key from "
                            + secret.chainName()
                            + ", Cause: KEY_VALUES_MISMATCH");
        }
        return identity;
    }

    X509Certificate leaf() {
        return chain[0];
    }

    /** One of {@link EcdsaCurves}'s bits; none for RSA. */
    int curve() {
        return EcdsaCurves.of(leaf().getPublicKey());
    }

    private static Identity pem(TlsSecret.Certificate secret) throws GeneralSecurityException {
        if (secret.chainPem() == null || secret.keyPem() == null) {
            throw new GeneralSecurityException(
                    "TLS certificate " + secret.chainName() + " lacks its chain or private key");
        }
        List<X509Certificate> chain;
        try {
            chain = PemMaterial.certificates(secret.chainPem(), secret.chainName());
        } catch (CertificateException e) {
            throw new GeneralSecurityException(
                    "Failed to load certificate chain from " + secret.chainName(), e);
        }
        PrivateKey key;
        try {
            key = PemMaterial.privateKey(secret.keyPem(), secret.password());
        } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException(
                    "Failed to load private key from "
                            + secret.chainName()
                            + ", Cause: "
                            + e.getMessage(),
                    e);
        }
        return new Identity(
                chain.toArray(new X509Certificate[0]),
                key,
                secret.ocspStaple(),
                secret.chainName());
    }

    private static Identity pkcs12(TlsSecret.Certificate secret) throws GeneralSecurityException {
        char[] password = secret.password() == null ? new char[0] : secret.password().toCharArray();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(secret.pkcs12()), password);
            for (Enumeration<String> names = store.aliases(); names.hasMoreElements(); ) {
                String alias = names.nextElement();
                Key key = store.getKey(alias, password);
                if (key instanceof PrivateKey privateKey) {
                    X509Certificate[] chain =
                            Arrays.stream(store.getCertificateChain(alias))
                                    .map(X509Certificate.class::cast)
                                    .toArray(X509Certificate[]::new);
                    return new Identity(chain, privateKey, secret.ocspStaple(), secret.chainName());
                }
            }
        } catch (IOException e) {
            throw new GeneralSecurityException(
                    "Failed to load pkcs12 from " + secret.chainName(), e);
        }
        throw new GeneralSecurityException(
                "Failed to load certificate from pkcs12 " + secret.chainName());
    }

    /**
     * Of RSA the modulus says it, as BoringSSL compares; of other keys only a signature does, which
     * is dear where many clusters share a secret.
     */
    private static boolean matches(X509Certificate leaf, PrivateKey key)
            throws GeneralSecurityException {
        if (key instanceof RSAPrivateKey own && leaf.getPublicKey() instanceof RSAPublicKey known) {
            return own.getModulus().equals(known.getModulus());
        }
        KeyPair pair = new KeyPair(leaf.getPublicKey(), key);
        String publicKind = pair.getPublic().getAlgorithm();
        if (!publicKind.equals(key.getAlgorithm())) {
            return false;
        }
        String algorithm =
                switch (publicKind) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> publicKind;
                };
        byte[] sample = {1, 2, 3, 4};
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(sample);
        byte[] signature = signer.sign();
        signer.initVerify(leaf.getPublicKey());
        signer.update(sample);
        return signer.verify(signature);
    }
}
