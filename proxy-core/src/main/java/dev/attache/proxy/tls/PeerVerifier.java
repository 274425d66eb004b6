package dev.attache.proxy.tls;

import dev.attache.proxy.tls.secret.ParsedOnce;
import dev.attache.proxy.tls.secret.SanMatcher;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.tls.secret.Trust;
import dev.attache.proxy.tls.x509.CertificateReader;
import dev.attache.proxy.tls.x509.ChainVerifier;
import io.netty.handler.ssl.OpenSslCertificateException;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's default certificate validator: chain, then names, then pins. One for what the secrets of
 * a cluster or listener are now, and immutable; called inside handshakes on workers' loops. What it
 * finds is written to the handshake.
 */
final class PeerVerifier {

    /** X509_V_ERR_SUBJECT_ISSUER_MISMATCH: BoringSSL makes of it the alert that Envoy chooses. */
    static final int WRONG_NAME_OR_PIN = 29;

    private final TlsSecret.@Nullable Validation rules;
    private final @Nullable Trust trust;
    private final @Nullable SpiffeVerifier spiffe;
    private final TlsStats stats;

    /**
     * @param rules null = nothing is verified
     * @throws GeneralSecurityException if CA or CRL cannot be read
     */
    PeerVerifier(TlsSecret.@Nullable Validation rules, TlsStats stats)
            throws GeneralSecurityException {
        this.rules = rules;
        this.stats = stats;
        boolean byDomain = rules != null && rules.domains() != null;
        this.spiffe = rules != null && byDomain ? new SpiffeVerifier(rules, stats) : null;
        this.trust = rules == null || byDomain || rules.caPem() == null ? null : Trust.of(rules);
    }

    /** What it was made of. */
    TlsSecret.@Nullable Validation rules() {
        return rules;
    }

    /** Of whom clients are told to show certificates; empty where any will do. */
    List<X509Certificate> announcedAuthorities() {
        if (spiffe != null) {
            return spiffe.authorities();
        }
        return trust == null || rules == null || rules.suppressAuthorities()
                ? List.of()
                : trust.authorities();
    }

    /** Tells when the first trusted certificate expires, under the name of its secret. */
    void tellExpiration(@Nullable SecretRef<TlsSecret.Validation> secret) {
        if (secret != null && spiffe != null && !spiffe.authorities().isEmpty()) {
            stats.expires(secret.statName(), spiffe.authorities().getFirst());
        }
        if (secret != null && trust != null) {
            stats.expires(secret.statName(), trust.authorities().getFirst());
        }
    }

    /** All that a resumed session was verified by and that must not have changed since. */
    void describe(ParsedOnce.Content content) {
        if (rules == null) {
            content.number(0);
            return;
        }
        if (spiffe != null) {
            spiffe.authorities().forEach(one -> content.add(CertificateReader.encoded(one)));
        }
        content.add(rules.caPem()).add(rules.crlPem()).number(rules.maxVerifyDepth());
        rules.sanMatchers().forEach(matcher -> content.add(matcher.toString()));
        rules.hashPins().forEach(content::add);
        rules.spkiPins().forEach(content::add);
        content.number(rules.acceptUntrusted() ? 1 : 0)
                .number(rules.allowExpired() ? 1 : 0)
                .number(rules.onlyVerifyLeafCrl() ? 1 : 0);
    }

    /** Something about the peer's certificate is checked. */
    boolean verifies() {
        return rules != null && (spiffe != null || trust != null || checksIdentity(rules));
    }

    private static boolean checksIdentity(TlsSecret.Validation rules) {
        return !rules.sanMatchers().isEmpty()
                || !rules.spkiPins().isEmpty()
                || !rules.hashPins().isEmpty();
    }

    /**
     * A client without certificate fails, whatever {@code require_client_certificate} says: names
     * or pins are asked for, and nobody without a certificate has them. An authority alone lets
     * such clients in, as in Envoy.
     */
    boolean demandsCertificate() {
        return spiffe != null || rules != null && !rules.acceptUntrusted() && checksIdentity(rules);
    }

    /** Clients are asked for a certificate, also where any is accepted. */
    boolean asksForCertificate() {
        return verifies() || rules != null && rules.acceptUntrusted();
    }

    /**
     * Checks what the peer has shown.
     *
     * @throws CertificateException if it is refused, with the alert that Envoy sends
     */
    void check(X509Certificate[] presented, Handshake handshake, boolean peerIsServer)
            throws CertificateException {
        List<String> sanOverrides = handshake.sanOverrides();
        if (rules == null && sanOverrides.isEmpty()) {
            return;
        }
        List<X509Certificate> chain = new ArrayList<>(presented.length);
        for (X509Certificate certificate : presented) {
            chain.add(parsed(certificate));
        }
        if (spiffe != null) {
            spiffe.check(chain, sanOverrides, handshake, peerIsServer);
            return;
        }
        boolean tolerant = rules != null && rules.acceptUntrusted();
        if (trust != null) {
            ChainVerifier.Failure failure = trust.chains().verify(chain, peerIsServer);
            if (failure != null) {
                stats.failVerifyError.inc();
                if (!tolerant) {
                    throw refuse(
                            handshake,
                            "X509_verify_cert: certificate verification error at depth "
                                    + failure.depth()
                                    + ": "
                                    + failure.text(),
                            failure.code());
                }
                // Envoy does not look at names and pins of a chain that it only tolerates.
                handshake.validated(false);
                return;
            }
        }
        boolean valid = true;
        String wrong = wrongNameOrPin(chain.getFirst(), sanOverrides);
        if (wrong != null) {
            if (!tolerant) {
                throw refuse(handshake, wrong, WRONG_NAME_OR_PIN);
            }
            valid = false;
        }
        handshake.validated(valid && verifies());
    }

    static OpenSslCertificateException refuse(Handshake handshake, String details, int code) {
        handshake.verifyFailure("verify cert failed: " + details);
        return new OpenSslCertificateException("verify cert failed: " + details, code);
    }

    /** Netty hands over lazily parsed certificates, which other parts of the JDK do not take. */
    private static X509Certificate parsed(X509Certificate lazy) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(lazy.getEncoded()));
    }

    private @Nullable String wrongNameOrPin(X509Certificate leaf, List<String> sanOverrides) {
        if (!sanOverrides.isEmpty()) {
            if (!carriesOneOf(leaf, sanOverrides)) {
                stats.failVerifySan.inc();
                return "verify SAN list, expected SANs: ["
                        + String.join(", ", sanOverrides)
                        + "], certificate SANs: ["
                        + String.join(", ", CertificateReader.allSans(leaf))
                        + "]";
            }
        } else if (rules != null
                && !rules.sanMatchers().isEmpty()
                && !matchesOne(leaf, rules.sanMatchers())) {
            stats.failVerifySan.inc();
            return "SAN matcher, certificate SANs are ["
                    + String.join(", ", CertificateReader.allSans(leaf))
                    + "]";
        }
        if (rules != null
                && (!rules.hashPins().isEmpty() || !rules.spkiPins().isEmpty())
                && !pinned(leaf, rules)) {
            stats.failVerifyCertHash.inc();
            return "cert hash and spki";
        }
        return null;
    }

    private static boolean pinned(X509Certificate leaf, TlsSecret.Validation rules) {
        return rules.hashPins()
                        .contains(
                                HexFormat.of()
                                        .formatHex(
                                                CertificateReader.digest(
                                                        "SHA-256",
                                                        CertificateReader.encoded(leaf))))
                || rules.spkiPins()
                        .contains(
                                Base64.getEncoder()
                                        .encodeToString(
                                                CertificateReader.digest(
                                                        "SHA-256",
                                                        leaf.getPublicKey().getEncoded())));
    }

    /** {@code verify_subject_alt_name}: exact, DNS names also by wildcard. */
    static boolean carriesOneOf(X509Certificate leaf, List<String> names) {
        for (String name : names) {
            for (String dns : CertificateReader.sans(leaf, 2)) {
                if (dnsMatches(name, dns)) {
                    return true;
                }
            }
            if (CertificateReader.sans(leaf, 6).contains(name)
                    || CertificateReader.sans(leaf, 7).contains(name)
                    || CertificateReader.sans(leaf, 1).contains(name)) {
                return true;
            }
        }
        return false;
    }

    /** A DNS pattern of a certificate: {@code *.x.y} stands for exactly one label. */
    static boolean dnsMatches(String name, String pattern) {
        if (name.equalsIgnoreCase(pattern)) {
            return true;
        }
        if (!pattern.startsWith("*.") || pattern.length() < 3) {
            return false;
        }
        int dot = name.indexOf('.');
        return dot > 0
                && name.length() - dot == pattern.length() - 1
                && name.regionMatches(true, dot, pattern, 1, pattern.length() - 1);
    }

    static boolean matchesOne(X509Certificate leaf, List<SanMatcher> matchers) {
        for (SanMatcher matcher : matchers) {
            if (SubjectAltNames.match(leaf, matcher)) {
                return true;
            }
        }
        return false;
    }
}
