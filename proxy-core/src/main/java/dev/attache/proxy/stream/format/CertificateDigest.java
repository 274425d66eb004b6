package dev.attache.proxy.stream.format;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/** Fingerprints of the certificates of a chain. Stateless. */
final class CertificateDigest {

    private CertificateDigest() {}

    /** Lower-case hex of the DER's digest. */
    static String of(String algorithm, X509Certificate certificate) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            return HexFormat.of().formatHex(digest.digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException("cannot take the " + algorithm + " of a certificate", e);
        }
    }
}
