package dev.attache.agent.onboard.check;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * What the control plane shows, judged one thing after the other, so that a wrong clock is not
 * taken for a wrong root. Immutable.
 *
 * @param chain as the server sent it, its own first
 */
record ServerCertificate(List<X509Certificate> chain, String host) {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final String COMPARE =
            "`openssl x509 -noout -fingerprint -sha256 -in root-cert.pem` where the mesh is"
                    + " administered";
    private static final Set<CertPathValidatorException.Reason> DATES =
            Set.of(BasicReason.EXPIRED, BasicReason.NOT_YET_VALID);
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    /** Shakes hands, believing everything, to see what is shown. */
    static ServerCertificate fetch(InetSocketAddress at, String host) throws CheckFailure {
        Witness witness = new Witness();
        try (Socket plain = new Socket()) {
            plain.connect(at, PATIENCE_MILLIS);
            plain.setSoTimeout(PATIENCE_MILLIS);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {witness}, null);
            SSLSocket socket =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(plain, host, at.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            if (!host.contains(":") && !host.matches("[0-9.]+")) {
                parameters.setServerNames(List.of(new SNIHostName(host)));
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return new ServerCertificate(witness.seen(), host);
        } catch (SSLException e) {
            throw new CheckFailure(
                    Subject.TLS,
                    ServerAddress.words(at) + " does not speak TLS as asked: " + e.getMessage(),
                    "check that the port is the one with TLS (15012), and that no proxy or gateway"
                            + " in between ends TLS or wants another server name than "
                            + host);
        } catch (SocketTimeoutException e) {
            throw new CheckFailure(
                    Subject.TLS,
                    ServerAddress.words(at) + " takes connections and says nothing within 10 s",
                    "look whether istiod hangs, and whether another service has that port");
        } catch (IOException | GeneralSecurityException e) {
            throw new CheckFailure(
                    Subject.TLS,
                    "the handshake with " + ServerAddress.words(at) + " was cut: " + e.getMessage(),
                    "check that this is istiod's port with TLS (15012), and what stands between");
        }
    }

    /**
     * The certificate shown that has this fingerprint.
     *
     * @param wanted SHA-256 of the certificate, hexadecimal, in small letters
     */
    X509Certificate root(String wanted) throws CheckFailure {
        List<String> shown = new ArrayList<>();
        for (X509Certificate each : chain) {
            String print = fingerprint(each);
            if (print.equals(wanted) && each.getBasicConstraints() < 0) {
                throw new CheckFailure(
                        Subject.TLS,
                        "the fingerprint is of the server's own certificate ("
                                + name(each)
                                + "), which changes, not of a root",
                        "give the fingerprint of root-cert.pem: " + COMPARE);
            }
            if (print.equals(wanted)) {
                return each;
            }
            shown.add(print + " (" + name(each) + ")");
        }
        throw new CheckFailure(
                Subject.TLS,
                "no certificate that the server shows has the fingerprint "
                        + wanted
                        + "; it shows "
                        + String.join(", ", shown),
                "compare with "
                        + COMPARE
                        + "; istiod sends its root only where cert-chain.pem of its cacerts has it:"
                        + " else copy that file here and give it with --root-cert");
    }

    static String fingerprint(X509Certificate certificate) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was read has bytes", e);
        }
    }

    /** Whether it comes from a root; dates are not looked at. */
    void judgeChain(List<X509Certificate> roots) throws CheckFailure {
        List<X509Certificate> path = new ArrayList<>(chain);
        path.removeIf(each -> !each.equals(chain.getFirst()) && roots.contains(each));
        Set<TrustAnchor> anchors = new HashSet<>();
        roots.forEach(root -> anchors.add(new TrustAnchor(root, null)));
        try {
            CertPath whole = CertificateFactory.getInstance("X.509").generateCertPath(path);
            PKIXParameters parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(middle(path));
            CertPathValidator.getInstance("PKIX").validate(whole, parameters);
        } catch (CertPathValidatorException e) {
            if (DATES.contains(e.getReason())) {
                return; // there is no moment for all of them: the dates are judged by themselves
            }
            throw new CheckFailure(
                    Subject.TLS,
                    "the server's certificate ("
                            + name(chain.getFirst())
                            + ", issued by "
                            + chain.getFirst().getIssuerX500Principal().getName()
                            + ") does not come from the root that was given ("
                            + name(roots.getFirst())
                            + ", "
                            + fingerprint(roots.getFirst()).substring(0, 16)
                            + "…): "
                            + e.getMessage(),
                    "take the root from the mesh that is meant: `kubectl -n istio-system get cm"
                            + " istio-ca-root-cert -o jsonpath='{.data.root-cert\\.pem}'`");
        } catch (GeneralSecurityException e) {
            throw new CheckFailure(
                    Subject.TLS, "the chain cannot be judged: " + e.getMessage(), "look at it");
        }
    }

    /** A moment at which all of them are valid, if there is one: dates are judged by themselves. */
    private static Date middle(List<X509Certificate> path) {
        long from = path.stream().mapToLong(c -> c.getNotBefore().getTime()).max().orElse(0);
        long until = path.stream().mapToLong(c -> c.getNotAfter().getTime()).min().orElse(0);
        return new Date(from + Math.max(0, (until - from) / 2));
    }

    /** Whether this machine's clock lies within the dates of all that is shown. */
    void judgeDates(Instant now) throws CheckFailure {
        for (X509Certificate each : chain) {
            Instant from = each.getNotBefore().toInstant();
            Instant until = each.getNotAfter().toInstant();
            if (now.isBefore(from)) {
                throw clock(each, "is valid only from " + from, Duration.between(now, from), now);
            }
            if (now.isAfter(until)) {
                throw clock(each, "has expired at " + until, Duration.between(until, now), now);
            }
        }
    }

    private static CheckFailure clock(
            X509Certificate certificate, String what, Duration by, Instant now) {
        return new CheckFailure(
                Subject.CLOCK,
                "the certificate of %s %s, and this clock says %s (%d min apart)"
                        .formatted(name(certificate), what, now, by.toMinutes()),
                "set this machine's clock (`timedatectl`, `chronyc tracking`); if it is right, the"
                        + " control plane's certificate has to be renewed");
    }

    /** Whether it is of the host that was asked for. */
    void judgeName() throws CheckFailure {
        List<String> names = names(chain.getFirst());
        if (names.stream().noneMatch(name -> matches(name, host))) {
            String better =
                    names.stream()
                            .filter(name -> name.startsWith("istiod."))
                            .findFirst()
                            .orElse(names.isEmpty() ? "NAME" : names.getFirst());
            throw new CheckFailure(
                    Subject.TLS_NAME,
                    "the server's certificate is of "
                            + String.join(", ", names)
                            + ", not of "
                            + host,
                    "use a name it has, with the address beside it, for example --address "
                            + better
                            + ":15012 --resolve IP; or have istiod's certificate cover "
                            + host
                            + " (ISTIOD_CUSTOM_HOST)");
        }
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            for (List<?> each : all == null ? List.<List<?>>of() : all) {
                if (each.getFirst() instanceof Integer kind
                        && (kind == DNS_NAME || kind == IP_ADDRESS)) {
                    names.add(String.valueOf(each.get(1)));
                }
            }
        } catch (CertificateParsingException e) {
            names.add("(names that cannot be read)");
        }
        return names;
    }

    /** RFC 6125, section 6.4: a star stands for one whole first label. */
    private static boolean matches(String pattern, String host) {
        if (pattern.startsWith("*.")) {
            int dot = host.indexOf('.');
            return dot > 0 && pattern.substring(1).equalsIgnoreCase(host.substring(dot));
        }
        return pattern.equalsIgnoreCase(host);
    }

    /** The name of a workload; empty where it has none. */
    static String spiffe(X509Certificate certificate) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            for (List<?> each : all == null ? List.<List<?>>of() : all) {
                String name = String.valueOf(each.get(1));
                if (name.startsWith("spiffe://")) {
                    return name;
                }
            }
        } catch (CertificateParsingException e) {
            return "a name that cannot be read: " + e.getMessage();
        }
        return "";
    }

    static String name(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        List<String> names = names(certificate);
        return !subject.isEmpty() ? subject : names.isEmpty() ? "no name" : names.getFirst();
    }
}
