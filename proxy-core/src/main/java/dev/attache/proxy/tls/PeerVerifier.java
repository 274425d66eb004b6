package dev.attache.proxy.tls;

import dev.attache.proxy.tls.x509.ChainVerifier;
import dev.attache.proxy.tls.x509.PemMaterial;
import io.netty.handler.ssl.OpenSslCertificateException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's default certificate validator: chain, then names, then pins. One per TLS context and
 * immutable; called inside handshakes on workers' loops. What it finds is written to the handshake
 * of the engine, see {@link Handshakes}.
 */
final class PeerVerifier extends X509ExtendedTrustManager {

    /** X509_V_ERR_SUBJECT_ISSUER_MISMATCH: BoringSSL makes of it the alert that Envoy chooses. */
    private static final int WRONG_NAME_OR_PIN = 29;

    private final TlsSecret.@Nullable Validation rules;
    private final List<X509Certificate> trusted;
    private final @Nullable ChainVerifier chains;
    private final TlsStats stats;
    private final Handshakes handshakes;

    /**
     * @param rules null = nothing is verified
     * @throws GeneralSecurityException if CA or CRL cannot be read
     */
    PeerVerifier(TlsSecret.@Nullable Validation rules, TlsStats stats, Handshakes handshakes)
            throws GeneralSecurityException {
        this.rules = rules;
        this.stats = stats;
        this.handshakes = handshakes;
        if (rules == null || rules.caPem() == null) {
            this.trusted = List.of();
            this.chains = null;
            return;
        }
        try {
            this.trusted = PemMaterial.certificates(rules.caPem(), rules.caName());
        } catch (CertificateException e) {
            throw new GeneralSecurityException(
                    "Failed to load trusted CA certificates from " + rules.caName(), e);
        }
        this.chains =
                new ChainVerifier(
                        trusted,
                        rules.crlPem() == null
                                ? List.of()
                                : PemMaterial.crls(rules.crlPem(), "CRL"),
                        rules.onlyVerifyLeafCrl(),
                        rules.allowExpired(),
                        rules.maxVerifyDepth());
    }

    /** Tells when the first trusted certificate expires, under the name of its secret. */
    void tellExpiration(@Nullable SecretRef<TlsSecret.Validation> secret) {
        if (secret != null && !trusted.isEmpty()) {
            stats.expires(secret.statName(), trusted.getFirst());
        }
    }

    /** Something about the peer's certificate is checked. */
    boolean verifies() {
        return rules != null && (chains != null || checksIdentity(rules));
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
        return rules != null && !rules.acceptUntrusted() && checksIdentity(rules);
    }

    /** Clients are asked for a certificate, also where any is accepted. */
    boolean asksForCertificate() {
        return verifies() || rules != null && rules.acceptUntrusted();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String auth, SSLEngine engine)
            throws CertificateException {
        check(chain, engine, false);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String auth, SSLEngine engine)
            throws CertificateException {
        check(chain, engine, true);
    }

    private void check(X509Certificate[] presented, SSLEngine engine, boolean peerIsServer)
            throws CertificateException {
        Handshake handshake = handshakes.of(engine);
        List<String> sanOverrides = handshake == null ? List.of() : handshake.sanOverrides();
        if (rules == null && sanOverrides.isEmpty()) {
            return;
        }
        List<X509Certificate> chain = Arrays.stream(presented).map(PeerVerifier::parsed).toList();
        boolean tolerant = rules != null && rules.acceptUntrusted();
        if (chains != null) {
            ChainVerifier.Failure failure = chains.verify(chain, peerIsServer);
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
                if (handshake != null) {
                    handshake.validated(false);
                }
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
        if (handshake != null) {
            handshake.validated(valid && verifies());
        }
    }

    private static OpenSslCertificateException refuse(
            @Nullable Handshake handshake, String details, int code) {
        if (handshake != null) {
            handshake.verifyFailure("verify cert failed: " + details);
        }
        return new OpenSslCertificateException("verify cert failed: " + details, code);
    }

    /** Netty hands over lazily parsed certificates, which other parts of the JDK do not take. */
    private static X509Certificate parsed(X509Certificate lazy) {
        try {
            return (X509Certificate)
                    java.security.cert.CertificateFactory.getInstance("X.509")
                            .generateCertificate(
                                    new java.io.ByteArrayInputStream(lazy.getEncoded()));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("peer sent an unreadable certificate", e);
        }
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
    private static boolean carriesOneOf(X509Certificate leaf, List<String> names) {
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
            if (matches(leaf, matcher)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(X509Certificate leaf, SanMatcher matcher) {
        return switch (matcher.type()) {
            case EMAIL -> any(CertificateReader.sans(leaf, 1), matcher);
            case DNS -> anyDns(CertificateReader.sans(leaf, 2), matcher);
            case URI -> any(CertificateReader.sans(leaf, 6), matcher);
            case IP_ADDRESS -> any(CertificateReader.sans(leaf, 7), matcher);
            case OTHER_NAME -> anyOther(leaf, matcher);
        };
    }

    private static boolean any(List<String> sans, SanMatcher matcher) {
        for (String san : sans) {
            if (matcher.matcher().matchesText(san)) {
                return true;
            }
        }
        return false;
    }

    /** An exact DNS matcher also accepts a certificate's wildcard. */
    private static boolean anyDns(List<String> sans, SanMatcher matcher) {
        if (matcher.matcher() instanceof dev.attache.proxy.matching.StringMatcher.Exact exact) {
            for (String san : sans) {
                if (dnsMatches(exact.value(), san)) {
                    return true;
                }
            }
            return false;
        }
        return any(sans, matcher);
    }

    private static boolean anyOther(X509Certificate leaf, SanMatcher matcher) {
        Collection<List<?>> sans;
        try {
            sans = leaf.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return false;
        }
        if (sans == null) {
            return false;
        }
        for (List<?> san : sans) {
            if (Integer.valueOf(0).equals(san.get(0)) && san.get(1) instanceof byte[] der) {
                CertificateReader.OtherName other = CertificateReader.OtherName.parse(der);
                if (other != null
                        && other.oid().equals(matcher.oid())
                        && matcher.matcher().matchesText(other.value())) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return trusted.toArray(new X509Certificate[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String auth)
            throws CertificateException {
        throw new CertificateException("verification needs the engine");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String auth)
            throws CertificateException {
        throw new CertificateException("verification needs the engine");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String auth, Socket socket)
            throws CertificateException {
        throw new CertificateException("verification needs the engine");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String auth, Socket socket)
            throws CertificateException {
        throw new CertificateException("verification needs the engine");
    }
}
