package dev.attache.proxy.tls;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.tls.secret.ParsedOnce;
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
     * What the rules say.
     *
     * @param refusal in Envoy's words, null: the handshake goes on
     * @param code OpenSSL's number, which chooses the alert
     * @param counted what a handshake that comes to this counts, or null
     */
    record Judgement(
            boolean validated, @Nullable String refusal, int code, @Nullable Counter counted) {

        static final Judgement UNCHECKED = new Judgement(false, null, 0, null);
        static final Judgement GOOD = new Judgement(true, null, 0, null);

        static Judgement refused(String why, int code, Counter counted) {
            return new Judgement(false, why, code, counted);
        }

        /** Wrong, and let in all the same. */
        Judgement tolerated() {
            return new Judgement(false, null, 0, counted);
        }
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
        Judgement judgement = judge(chain, sanOverrides, peerIsServer);
        if (judgement.counted() != null) {
            judgement.counted().inc();
        }
        if (judgement.refusal() != null) {
            String details = "verify cert failed: " + judgement.refusal();
            handshake.verifyFailure(details);
            throw new OpenSslCertificateException(details, judgement.code());
        }
        handshake.validated(judgement.validated());
    }

    /** What the rules say of a chain; counts nothing. */
    Judgement judge(List<X509Certificate> chain, List<String> sanOverrides, boolean peerIsServer) {
        if (rules == null && sanOverrides.isEmpty()) {
            return Judgement.UNCHECKED;
        }
        if (spiffe != null) {
            return spiffe.judge(chain, sanOverrides, peerIsServer);
        }
        boolean tolerant = rules != null && rules.acceptUntrusted();
        Judgement chained = trust == null ? Judgement.GOOD : judgeChain(trust, chain, peerIsServer);
        if (chained != Judgement.GOOD) {
            // Envoy does not look at names and pins of a chain that it only tolerates.
            return tolerant ? chained.tolerated() : chained;
        }
        Judgement named = judgeName(chain.getFirst(), sanOverrides);
        if (named == Judgement.GOOD) {
            named = judgePins(chain.getFirst());
        }
        if (named != Judgement.GOOD) {
            return tolerant ? named.tolerated() : named;
        }
        return verifies() ? Judgement.GOOD : Judgement.UNCHECKED;
    }

    /** What the rules say of a leaf's names, whoever has signed it; counts nothing. */
    Judgement judgeNames(X509Certificate leaf) {
        if (rules == null) {
            return Judgement.UNCHECKED;
        }
        Judgement named =
                spiffe == null ? judgeName(leaf, List.of()) : spiffe.judgeNames(leaf, List.of());
        if (named != Judgement.GOOD) {
            return rules.acceptUntrusted() ? named.tolerated() : named;
        }
        return verifies() ? Judgement.GOOD : Judgement.UNCHECKED;
    }

    private Judgement judgeChain(Trust anchors, List<X509Certificate> chain, boolean peerIsServer) {
        ChainVerifier.Failure failure = anchors.chains().verify(chain, peerIsServer);
        return failure == null
                ? Judgement.GOOD
                : Judgement.refused(failure.words(), failure.code(), stats.failVerifyError);
    }

    /** Netty hands over lazily parsed certificates, which other parts of the JDK do not take. */
    private static X509Certificate parsed(X509Certificate lazy) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(lazy.getEncoded()));
    }

    private Judgement judgeName(X509Certificate leaf, List<String> sanOverrides) {
        String wrong = null;
        if (!sanOverrides.isEmpty()) {
            if (!carriesOneOf(leaf, sanOverrides)) {
                wrong =
                        "verify SAN list, expected SANs: ["
                                + String.join(", ", sanOverrides)
                                + "], certificate SANs: ["
                                + String.join(", ", CertificateReader.allSans(leaf))
                                + "]";
            }
        } else if (rules != null
                && !rules.sanMatchers().isEmpty()
                && !SubjectAltNames.matchesOne(leaf, rules.sanMatchers())) {
            wrong =
                    "SAN matcher, certificate SANs are ["
                            + String.join(", ", CertificateReader.allSans(leaf))
                            + "]";
        }
        return wrong == null
                ? Judgement.GOOD
                : Judgement.refused(wrong, WRONG_NAME_OR_PIN, stats.failVerifySan);
    }

    private Judgement judgePins(X509Certificate leaf) {
        return rules != null
                        && (!rules.hashPins().isEmpty() || !rules.spkiPins().isEmpty())
                        && !pinned(leaf, rules)
                ? Judgement.refused(
                        "cert hash and spki", WRONG_NAME_OR_PIN, stats.failVerifyCertHash)
                : Judgement.GOOD;
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
}
