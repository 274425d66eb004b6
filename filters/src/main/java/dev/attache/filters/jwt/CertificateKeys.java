package dev.attache.filters.jwt;

import dev.attache.proxy.metadata.MetadataValue;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** RSA certificates in PEM by key id: {@code {"id": "-----BEGIN CERTIFICATE-----…"}}. */
final class CertificateKeys {

    private static final String BEGIN = "-----BEGIN CERTIFICATE-----\n";
    private static final String END = "\n-----END CERTIFICATE-----\n";

    private CertificateKeys() {}

    /**
     * @throws JwtException if this is no such object, or a certificate is none
     */
    static List<Jwk> read(MetadataValue.Struct set) throws JwtException {
        if (set.fields().isEmpty()) {
            throw new JwtException(JwtStatus.JWKS_NO_KEYS);
        }
        for (Map.Entry<String, MetadataValue> entry : set.fields().entrySet()) {
            boolean framed =
                    entry.getValue() instanceof MetadataValue.Text(String pem)
                            && pem.startsWith(BEGIN)
                            && pem.endsWith(END);
            if (entry.getKey().isEmpty() || !framed) {
                throw new JwtException(JwtStatus.JWKS_NO_KEYS);
            }
        }
        List<Jwk> keys = new ArrayList<>();
        for (Map.Entry<String, MetadataValue> entry : set.fields().entrySet()) {
            String pem = ((MetadataValue.Text) entry.getValue()).value();
            keys.add(new Jwk(entry.getKey(), "", new VerificationKey.Rsa(publicKey(pem))));
        }
        return keys;
    }

    private static PublicKey publicKey(String pem) throws JwtException {
        PublicKey key;
        try {
            key =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new ByteArrayInputStream(
                                            pem.getBytes(StandardCharsets.ISO_8859_1)))
                            .getPublicKey();
        } catch (CertificateException e) {
            throw new JwtException(JwtStatus.JWKS_X509_PARSE_ERROR);
        }
        if (key instanceof RSAPublicKey) {
            return key;
        }
        throw new JwtException(JwtStatus.JWKS_X509_GET_PUBKEY_ERROR);
    }
}
