package dev.attache.proxy.tls.secret;

import dev.attache.proxy.tls.x509.OcspResponse;
import dev.attache.proxy.tls.x509.PemMaterial;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parsed certificate chain with its key: who we are in a handshake. The same bytes are the same
 * object. Immutable, any thread.
 */
public final class Identity {

    private static final ParsedOnce<TlsSecret.Certificate, Identity> PARSED =
            new ParsedOnce<>(
                    (secret, content) ->
                            content.add(secret.chainPem())
                                    .add(secret.keyPem())
                                    .add(secret.pkcs12())
                                    .add(secret.password())
                                    .add(secret.ocspStaple())
                                    .add(secret.chainName())
                                    .add(secret.keyName()),
                    Identity::parse);

    /** {@code id-pe-tlsfeature} (RFC 7633) and the value that asks for a stapled response. */
    private static final String TLS_FEATURE = "1.3.6.1.5.5.7.1.24";

    private static final byte[] STATUS_REQUEST = {4, 5, 0x30, 3, 2, 1, 5};

    private final X509Certificate[] chain;
    private final PrivateKey key;
    private final @Nullable OcspResponse staple;
    private final @Nullable String stapleProblem;
    private final boolean mustStaple;
    private final int curve;

    private Identity(X509Certificate[] chain, PrivateKey key, byte @Nullable [] response) {
        this.chain = chain;
        this.key = key;
        this.curve = EcdsaCurves.of(chain[0].getPublicKey());
        this.mustStaple = Arrays.equals(chain[0].getExtensionValue(TLS_FEATURE), STATUS_REQUEST);
        OcspResponse read = null;
        String problem = null;
        if (response != null) {
            try {
                read = OcspResponse.parse(response);
                if (!read.isAbout(chain[0])) {
                    problem = "OCSP response does not match its TLS certificate";
                }
            } catch (GeneralSecurityException e) {
                problem = e.getMessage();
            }
        }
        this.staple = read;
        this.stapleProblem = problem;
    }

    /**
     * Parses and checks once, see {@link ParsedOnce}.
     *
     * @throws GeneralSecurityException if the material cannot be read or key and certificate differ
     */
    public static Identity of(TlsSecret.Certificate secret) throws GeneralSecurityException {
        return PARSED.of(secret);
    }

    private static Identity parse(TlsSecret.Certificate secret) throws GeneralSecurityException {
        Identity identity = secret.pkcs12() != null ? pkcs12(secret) : pem(secret);
        String mismatch = mismatch(identity.leaf().getPublicKey(), identity.key);
        if (mismatch != null) {
            throw new GeneralSecurityException(keyFailed(secret) + ", Cause: error:" + mismatch);
        }
        return identity;
    }

    /** Leaf first. Nobody writes into the array. */
    public X509Certificate[] chain() {
        return chain;
    }

    public X509Certificate leaf() {
        return chain[0];
    }

    public PrivateKey key() {
        return key;
    }

    /** One of {@link EcdsaCurves}'s bits; none for RSA. */
    public int curve() {
        return curve;
    }

    /** The response to staple, or null. Only those who may staple look at it. */
    public @Nullable OcspResponse staple() {
        return staple;
    }

    /** Why the response cannot be stapled, in Envoy's words, or null. */
    public @Nullable String stapleProblem() {
        return stapleProblem;
    }

    /** The certificate demands that a response comes with it (RFC 7633). */
    public boolean mustStaple() {
        return mustStaple;
    }

    private static String keyFailed(TlsSecret.Certificate secret) {
        return "Failed to load private key from " + secret.keyName();
    }

    private static Identity pem(TlsSecret.Certificate secret) throws GeneralSecurityException {
        byte[] chainPem = secret.chainPem();
        byte[] keyPem = secret.keyPem();
        if (chainPem == null || keyPem == null) {
            throw new GeneralSecurityException(
                    "TLS certificate " + secret.chainName() + " lacks its chain or private key");
        }
        List<X509Certificate> chain;
        try {
            chain = PemMaterial.certificates(chainPem, secret.chainName());
        } catch (CertificateException e) {
            throw new GeneralSecurityException(
                    "Failed to load certificate chain from " + secret.chainName(), e);
        }
        if (!new String(keyPem, StandardCharsets.ISO_8859_1).contains("PRIVATE KEY-----")) {
            throw new GeneralSecurityException(
                    keyFailed(secret)
                            + ", Cause: error:0900006e:PEM"
                            + " routines:OPENSSL_internal:NO_START_LINE");
        }
        PrivateKey key;
        try {
            key = PemMaterial.privateKey(keyPem, secret.password());
        } catch (GeneralSecurityException e) {
            throw new GeneralSecurityException(keyFailed(secret) + ", Cause: " + e.getMessage(), e);
        }
        return new Identity(chain.toArray(new X509Certificate[0]), key, secret.ocspStaple());
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
                    return new Identity(chain, privateKey, secret.ocspStaple());
                }
            }
        } catch (IOException e) {
            throw new GeneralSecurityException(
                    "Failed to load pkcs12 from " + secret.chainName(), e);
        }
        throw new GeneralSecurityException("Failed to load pkcs12 from " + secret.chainName());
    }

    /**
     * BoringSSL's error where key and certificate are not of one pair, else null. Of RSA the
     * modulus says it, as BoringSSL compares; of other keys only a signature does.
     */
    private static @Nullable String mismatch(PublicKey known, PrivateKey key)
            throws GeneralSecurityException {
        if (!known.getAlgorithm().equals(key.getAlgorithm())) {
            return "0b000073:X.509 certificate routines:OPENSSL_internal:KEY_TYPE_MISMATCH";
        }
        boolean same =
                key instanceof RSAPrivateKey own && known instanceof RSAPublicKey rsa
                        ? own.getModulus().equals(rsa.getModulus())
                        : signs(key, known);
        return same
                ? null
                : "0b000074:X.509 certificate routines:OPENSSL_internal:KEY_VALUES_MISMATCH";
    }

    private static boolean signs(PrivateKey key, PublicKey known) throws GeneralSecurityException {
        String algorithm =
                switch (known.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> known.getAlgorithm();
                };
        byte[] sample = {1, 2, 3, 4};
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(sample);
        byte[] signature = signer.sign();
        try {
            signer.initVerify(known);
            signer.update(sample);
            return signer.verify(signature);
        } catch (SignatureException | InvalidKeyException e) {
            return false; // of another curve
        }
    }
}
