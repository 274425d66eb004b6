package dev.attache.config.secret;

import dev.attache.proxy.tls.TlsSecret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether key material can be used at all, so that a bad certificate is refused where it is
 * configured.
 */
final class CertificateCheck {
    private static final Pattern PKCS8 =
            Pattern.compile(
                    "-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private CertificateCheck() {}

    /** What is wrong with the material, in Envoy's words, or null. */
    static @Nullable String problem(TlsSecret.Certificate material, String keyName) {
        if (material.pkcs12() != null) {
            return bundle(material);
        }
        byte[] chain = material.chainPem();
        byte[] key = material.keyPem();
        if (chain == null || key == null) {
            return null;
        }
        Certificate leaf = leaf(chain);
        if (leaf == null) {
            return "Failed to load certificate chain from " + material.chainName();
        }
        String pem = new String(key, StandardCharsets.ISO_8859_1);
        if (!pem.contains("PRIVATE KEY-----")) {
            return "Failed to load private key from "
                    + keyName
                    + ", Cause: error:0900006e:PEM routines:OPENSSL_internal:NO_START_LINE";
        }
        Matcher plain = PKCS8.matcher(pem);
        return plain.find() ? mismatch(leaf.getPublicKey(), plain.group(1), keyName) : null;
    }

    /** The first certificate of a PEM text, or null if there is none. */
    static @Nullable Certificate leaf(byte[] pem) {
        try {
            Collection<? extends Certificate> all =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(new ByteArrayInputStream(pem));
            return all.isEmpty() ? null : all.iterator().next();
        } catch (CertificateException e) {
            return null; // the caller names the file
        }
    }

    private static @Nullable String bundle(TlsSecret.Certificate material) {
        byte[] bytes = material.pkcs12();
        String password = material.password();
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(
                    new ByteArrayInputStream(bytes == null ? new byte[0] : bytes),
                    password == null ? new char[0] : password.toCharArray());
            return store.size() == 0 ? "Failed to load pkcs12 from " + material.chainName() : null;
        } catch (GeneralSecurityException | IOException e) {
            return "Failed to load pkcs12 from " + material.chainName();
        }
    }

    private static @Nullable String mismatch(PublicKey certified, String base64, String keyName) {
        byte[] der = Base64.getMimeDecoder().decode(base64);
        PrivateKey key = parse(der);
        if (key == null) {
            return "Failed to load private key from " + keyName;
        }
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return "Failed to load private key from "
                    + keyName
                    + ", Cause: error:0b000073:X.509 certificate routines:OPENSSL_internal:KEY_TYPE_MISMATCH";
        }
        return belongs(key, certified)
                ? null
                : "Failed to load private key from "
                        + keyName
                        + ", Cause: error:0b000074:X.509 certificate routines:OPENSSL_internal:KEY_VALUES_MISMATCH";
    }

    private static @Nullable PrivateKey parse(byte[] der) {
        for (String algorithm : new String[] {"RSA", "EC", "Ed25519"}) {
            try {
                return KeyFactory.getInstance(algorithm)
                        .generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                continue; // another algorithm's key
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the JDK lacks " + algorithm, e);
            }
        }
        return null;
    }

    private static boolean belongs(PrivateKey key, PublicKey certified) {
        if (key instanceof RSAPrivateKey rsa && certified instanceof RSAPublicKey pub) {
            return rsa.getModulus().equals(pub.getModulus());
        }
        if (key instanceof ECPrivateKey ec && certified instanceof ECPublicKey pub) {
            return ec.getParams().getOrder().equals(pub.getParams().getOrder())
                    && signs(key, certified, "SHA256withECDSA");
        }
        return true;
    }

    private static boolean signs(PrivateKey key, PublicKey certified, String algorithm) {
        byte[] text = {1, 2, 3};
        try {
            var signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(text);
            byte[] signature = signer.sign();
            signer.initVerify(certified);
            signer.update(text);
            return signer.verify(signature);
        } catch (InvalidKeyException e) {
            return false; // not of one pair
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot check a key pair", e);
        }
    }
}
