package dev.attache.proxy.tls;

import dev.attache.proxy.tls.PeerVerifier.Judgement;
import dev.attache.proxy.tls.secret.SanMatcher;
import dev.attache.proxy.tls.secret.SanMatcher.SanType;
import dev.attache.proxy.tls.secret.SpiffeTrust;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.tls.x509.CertificateReader;
import dev.attache.proxy.tls.x509.ChainVerifier;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's {@code envoy.tls.cert_validator.spiffe}: the trust domain in the peer's name chooses the
 * bundle, and of the names only URIs are matched. Immutable; called inside handshakes on workers'
 * loops.
 */
final class SpiffeVerifier {

    private static final int URI = 6;
    private static final int CERTIFICATE_SIGNING = 5;
    private static final int CRL_SIGNING = 6;

    private final SpiffeTrust trust;
    private final List<SanMatcher> names;
    private final TlsStats stats;

    /**
     * @param rules with domains
     */
    SpiffeVerifier(TlsSecret.Validation rules, TlsStats stats) throws GeneralSecurityException {
        this.trust = SpiffeTrust.of(rules);
        this.names =
                rules.sanMatchers().stream().filter(name -> name.type() == SanType.URI).toList();
        this.stats = stats;
    }

    List<X509Certificate> authorities() {
        return trust.authorities();
    }

    /**
     * What it says of a chain, in Envoy's words; counts nothing.
     *
     * @param wanted names of the upstream's, which count in place of the matchers; mostly empty
     */
    Judgement judge(List<X509Certificate> chain, List<String> wanted, boolean peerIsServer) {
        String wrong = wrongChain(chain, chain.getFirst(), peerIsServer);
        return wrong == null
                ? judgeNames(chain.getFirst(), wanted)
                : Judgement.refused(wrong, PeerVerifier.WRONG_NAME_OR_PIN, stats.failVerifyError);
    }

    /** The same of a leaf's names alone. */
    Judgement judgeNames(X509Certificate leaf, List<String> wanted) {
        String misnamed = wanted.isEmpty() ? unmatched(leaf) : unwanted(leaf, wanted);
        return misnamed == null
                ? Judgement.GOOD
                : Judgement.refused(misnamed, PeerVerifier.WRONG_NAME_OR_PIN, stats.failVerifySan);
    }

    private @Nullable String unmatched(X509Certificate leaf) {
        return names.isEmpty() || SubjectAltNames.matchesOne(leaf, names) ? null : "SAN match";
    }

    private static @Nullable String unwanted(X509Certificate leaf, List<String> wanted) {
        return PeerVerifier.carriesOneOf(leaf, wanted)
                ? null
                : "URI SAN peer identity mismatches, expected SANs: " + String.join(", ", wanted);
    }

    private @Nullable String wrongChain(
            List<X509Certificate> chain, X509Certificate leaf, boolean peerIsServer) {
        if (mayIssue(leaf)) {
            return "cert precheck";
        }
        List<String> uris = CertificateReader.sans(leaf, URI);
        ChainVerifier verifier = uris.isEmpty() ? null : trust.chains(uris.getFirst());
        if (verifier == null) {
            return "no trust bundle store";
        }
        ChainVerifier.Failure failure = verifier.verify(chain, peerIsServer);
        return failure == null ? null : failure.words();
    }

    /**
     * An authority's certificate is nobody's identity (X509-SVID 5.2). One that does not say what
     * its key is for may be used for anything.
     */
    private static boolean mayIssue(X509Certificate leaf) {
        boolean[] usage = leaf.getKeyUsage();
        return leaf.getBasicConstraints() >= 0
                || usage == null
                || usage[CERTIFICATE_SIGNING]
                || usage[CRL_SIGNING];
    }
}
