package dev.attache.proxy.tls.secret;

import dev.attache.proxy.tls.x509.ChainVerifier;
import dev.attache.proxy.tls.x509.PemMaterial;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The authorities and revocation lists of a validation context, parsed; what it says of names and
 * pins is not part of it, so that clusters which differ in these alone share it. Immutable, any
 * thread.
 */
public final class Trust {

    private static final ParsedOnce<TlsSecret.Validation, Trust> PARSED =
            new ParsedOnce<>(
                    (rules, content) ->
                            content.add(rules.caPem())
                                    .add(rules.caName())
                                    .add(rules.crlPem())
                                    .number(rules.onlyVerifyLeafCrl() ? 1 : 0)
                                    .number(rules.allowExpired() ? 1 : 0)
                                    .number(rules.maxVerifyDepth()),
                    Trust::parse);

    private final List<X509Certificate> authorities;
    private final ChainVerifier chains;

    private Trust(List<X509Certificate> authorities, ChainVerifier chains) {
        this.authorities = authorities;
        this.chains = chains;
    }

    /**
     * @param rules with an authority
     * @throws GeneralSecurityException if authority or revocation list cannot be read
     */
    public static Trust of(TlsSecret.Validation rules) throws GeneralSecurityException {
        return PARSED.of(rules);
    }

    private static Trust parse(TlsSecret.Validation rules) throws GeneralSecurityException {
        byte[] ca = rules.caPem();
        if (ca == null) {
            throw new GeneralSecurityException("no trusted CA");
        }
        List<X509Certificate> authorities;
        try {
            authorities = PemMaterial.certificates(ca, rules.caName());
        } catch (CertificateException e) {
            throw new GeneralSecurityException(
                    "Failed to load trusted CA certificates from " + rules.caName(), e);
        }
        byte[] crl = rules.crlPem();
        return new Trust(
                authorities,
                new ChainVerifier(
                        authorities,
                        crl == null ? null : PemMaterial.crls(crl, "CRL"),
                        rules.onlyVerifyLeafCrl(),
                        rules.allowExpired(),
                        rules.maxVerifyDepth()));
    }

    public List<X509Certificate> authorities() {
        return authorities;
    }

    public ChainVerifier chains() {
        return chains;
    }
}
