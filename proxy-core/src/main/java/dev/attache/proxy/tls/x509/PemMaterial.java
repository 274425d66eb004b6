package dev.attache.proxy.tls.x509;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Reads PEM: certificates, revocation lists, private keys in PKCS#8 (plain or encrypted), PKCS#1
 * and SEC1. Text outside the blocks is skipped, as OpenSSL does. Any thread.
 */
public final class PemMaterial {

    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN ([A-Z0-9 ]+)-----\\s*([A-Za-z0-9+/=\\s]*?)-----END \\1-----");

    private static final byte[] RSA_ALGORITHM = {
        0x30,
        0x0d,
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        0x01,
        0x01,
        0x01,
        0x05,
        0x00
    };
    private static final byte[] EC_PUBLIC_KEY_OID = {
        0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01
    };
    private static final byte[] VERSION_ZERO = {0x02, 0x01, 0x00};

    /** One block: its label and its decoded content. */
    private record Block(String label, byte[] der) {}

    private PemMaterial() {}

    /**
     * @throws CertificateException if a block cannot be read or there is none
     */
    public static List<X509Certificate> certificates(byte[] pem, String origin)
            throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> found = new ArrayList<>();
        for (Block block : blocks(pem, origin)) {
            if (block.label.equals("CERTIFICATE")
                    || block.label.equals("TRUSTED CERTIFICATE")
                    || block.label.equals("X509 CERTIFICATE")) {
                found.add(
                        (X509Certificate)
                                factory.generateCertificate(new ByteArrayInputStream(block.der)));
            }
        }
        if (found.isEmpty()) {
            throw new CertificateException("no certificate found in " + origin);
        }
        return found;
    }

    /** None where the text holds none. */
    public static List<X509CRL> crls(byte[] pem, String origin)
            throws CertificateException, CRLException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509CRL> found = new ArrayList<>();
        for (Block block : blocks(pem, origin)) {
            if (block.label.equals("X509 CRL")) {
                found.add((X509CRL) factory.generateCRL(new ByteArrayInputStream(block.der)));
            }
        }
        return found;
    }

    /**
     * @throws GeneralSecurityException if no key is found, its form is unknown or the password
     *     wrong
     */
    public static PrivateKey privateKey(byte[] pem, @Nullable String password)
            throws GeneralSecurityException {
        for (Block block : blocks(pem, "private key")) {
            switch (block.label) {
                case "PRIVATE KEY" -> {
                    return pkcs8(block.der);
                }
                case "ENCRYPTED PRIVATE KEY" -> {
                    return encrypted(block.der, password);
                }
                case "RSA PRIVATE KEY" -> {
                    return pkcs8(wrap(RSA_ALGORITHM, block.der));
                }
                case "EC PRIVATE KEY" -> {
                    return pkcs8(wrap(ecAlgorithm(block.der), block.der));
                }
                default -> {
                    // EC PARAMETERS, certificates in the same file: not a key.
                }
            }
        }
        if (new String(pem, StandardCharsets.ISO_8859_1).contains("Proc-Type: 4,ENCRYPTED")) {
            throw new GeneralSecurityException(
                    "private key is encrypted in the legacy PEM form; convert it to PKCS#8");
        }
        throw new GeneralSecurityException("no private key found");
    }

    private static List<Block> blocks(byte[] pem, String origin) throws CertificateException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            try {
                blocks.add(
                        new Block(
                                matcher.group(1),
                                Base64.getMimeDecoder().decode(matcher.group(2))));
            } catch (IllegalArgumentException e) {
                throw new CertificateException("malformed base64 in " + origin, e);
            }
        }
        return blocks;
    }

    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
        GeneralSecurityException last = null;
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw new GeneralSecurityException("private key of an unknown kind", last);
    }

    private static PrivateKey encrypted(byte[] der, @Nullable String password)
            throws GeneralSecurityException {
        if (password == null) {
            throw new GeneralSecurityException("private key is encrypted and no password is given");
        }
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
            String algorithm =
                    info.getAlgParameters() == null
                            ? info.getAlgName()
                            : info.getAlgParameters().toString();
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm)
                            .generateSecret(new PBEKeySpec(password.toCharArray())),
                    info.getAlgParameters());
            return pkcs8(info.getKeySpec(cipher).getEncoded());
        } catch (java.io.IOException e) {
            throw new GeneralSecurityException("malformed encrypted private key", e);
        }
    }

    /** PrivateKeyInfo around an older form: version, algorithm, OCTET STRING. */
    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return Der.sequence(Der.concat(VERSION_ZERO, algorithm, Der.element(0x04, key)));
    }

    /** The AlgorithmIdentifier of a SEC1 key: its curve stands in the [0] field. */
    private static byte[] ecAlgorithm(byte[] sec1) throws GeneralSecurityException {
        byte[] curve = Der.findContext(sec1, 0);
        if (curve == null) {
            throw new GeneralSecurityException("EC private key does not name its curve");
        }
        return Der.sequence(Der.concat(EC_PUBLIC_KEY_OID, curve));
    }
}
