package dev.attache.proxy.tls.secret;

import dev.attache.proxy.tls.x509.ChainVerifier;
import dev.attache.proxy.tls.x509.PemMaterial;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bundles of trust domains, parsed: each domain's certificates are checked with its own bundle
 * only. Immutable, any thread.
 */
public final class SpiffeTrust {

    private static final String SCHEME = "spiffe://";
    private static final ParsedOnce<TlsSecret.Validation, SpiffeTrust> PARSED =
            new ParsedOnce<>(SpiffeTrust::content, SpiffeTrust::parse);

    private final Map<String, ChainVerifier> byDomain;
    private final List<X509Certificate> authorities;

    private SpiffeTrust(Map<String, ChainVerifier> byDomain, List<X509Certificate> authorities) {
        this.byDomain = Map.copyOf(byDomain);
        this.authorities = List.copyOf(authorities);
    }

    /**
     * @param rules with domains
     * @throws GeneralSecurityException in Envoy's words, if a bundle cannot be read
     */
    public static SpiffeTrust of(TlsSecret.Validation rules) throws GeneralSecurityException {
        return PARSED.of(rules);
    }

    private static void content(TlsSecret.Validation rules, ParsedOnce.Content content) {
        for (TrustDomains.Domain domain : domains(rules)) {
            content.add(domain.name()).add(domain.bundlePem()).add(domain.bundleName());
        }
        content.number(rules.allowExpired() ? 1 : 0).number(rules.maxVerifyDepth());
    }

    private static List<TrustDomains.Domain> domains(TlsSecret.Validation rules) {
        TrustDomains known = rules.domains();
        return known == null ? List.of() : known.domains();
    }

    private static SpiffeTrust parse(TlsSecret.Validation rules) throws GeneralSecurityException {
        Map<String, ChainVerifier> byDomain = new HashMap<>();
        List<X509Certificate> all = new ArrayList<>();
        for (TrustDomains.Domain domain : domains(rules)) {
            List<X509Certificate> authorities;
            List<X509CRL> revoked;
            try {
                authorities = PemMaterial.certificates(domain.bundlePem(), domain.bundleName());
                revoked = PemMaterial.crls(domain.bundlePem(), domain.bundleName());
            } catch (GeneralSecurityException e) {
                throw new CertificateException(
                        "Failed to load trusted CA certificate for " + domain.name(), e);
            }
            all.addAll(authorities);
            byDomain.put(
                    domain.name(),
                    ChainVerifier.ofRoots(
                            authorities,
                            revoked.isEmpty() ? null : revoked,
                            rules.allowExpired(),
                            rules.maxVerifyDepth()));
        }
        return new SpiffeTrust(byDomain, all);
    }

    /** Those of all domains, in the order of the configuration. */
    public List<X509Certificate> authorities() {
        return authorities;
    }

    /**
     * Checks chains of the domain that a name is of; null where it is of none that is known.
     *
     * @param uri the first name of that kind in the peer's certificate
     */
    public @Nullable ChainVerifier chains(String uri) {
        if (!uri.startsWith(SCHEME)) {
            return null;
        }
        int end = uri.indexOf('/', SCHEME.length());
        return end < 0 ? null : byDomain.get(uri.substring(SCHEME.length(), end));
    }
}
