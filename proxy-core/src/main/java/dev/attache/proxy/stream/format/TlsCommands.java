package dev.attache.proxy.stream.format;

import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the two handshakes established. */
final class TlsCommands {

    private static final String DOWNSTREAM = "DOWNSTREAM_";
    private static final String UPSTREAM = "UPSTREAM_";

    private TlsCommands() {}

    static @Nullable FormatCommand create(String name, @Nullable String argument, int maxLength) {
        if (name.equals("DOWNSTREAM_TLS_VERSION")) {
            return c -> version(c.info().downstream());
        }
        if (name.startsWith(DOWNSTREAM)) {
            return command(
                    name.substring(DOWNSTREAM.length()),
                    argument,
                    c -> c.info().downstream().tls());
        }
        if (name.startsWith(UPSTREAM)) {
            return command(
                    name.substring(UPSTREAM.length()),
                    argument,
                    c -> {
                        UpstreamInfo upstream = c.info().upstream();
                        return upstream == null ? null : upstream.tls;
                    });
        }
        return null;
    }

    private static @Nullable FormatCommand command(
            String field, @Nullable String format, Function<FormatContext, @Nullable TlsInfo> tls) {
        return switch (field) {
            case "TLS_VERSION" -> session(tls, TlsInfo::version);
            case "TLS_CIPHER" -> session(tls, TlsInfo::cipher);
            case "TLS_SESSION_ID" -> session(tls, t -> nonEmpty(t.sessionId()));
            case "TLS_GROUP" -> session(tls, t -> nonEmpty(t.group()));
            case "PEER_CHAIN_FINGERPRINTS_256" -> chain(tls, c -> digest("SHA-256", c));
            case "PEER_CHAIN_FINGERPRINTS_1" -> chain(tls, c -> digest("SHA-1", c));
            case "PEER_CHAIN_SERIALS" -> chain(tls, c -> c.getSerialNumber().toString(16));
            case "PEER_ISSUER_FINGERPRINT_256" -> issuer(tls, c -> digest("SHA-256", c));
            case "PEER_ISSUER_SERIAL" -> issuer(tls, c -> c.getSerialNumber().toString(16));
            case "PEER_CERT_V_START" ->
                    validity(tls, format, CertificateNames::notBeforeEpochSecond);
            case "PEER_CERT_V_END" -> validity(tls, format, CertificateNames::notAfterEpochSecond);
            default -> {
                if (field.startsWith("PEER_")) {
                    yield names(field.substring(5), tls, TlsInfo::peerNames);
                }
                yield field.startsWith("LOCAL_")
                        ? names(field.substring(6), tls, TlsInfo::localNames)
                        : null;
            }
        };
    }

    private static @Nullable String version(ConnectionInfo connection) {
        TlsInfo tls = connection.tls();
        return tls == null ? connection.tlsVersionSoFar() : tls.version();
    }

    private static @Nullable FormatCommand names(
            String field,
            Function<FormatContext, @Nullable TlsInfo> tls,
            Function<TlsInfo, @Nullable CertificateNames> side) {
        Function<CertificateNames, @Nullable String> value =
                switch (field) {
                    case "SUBJECT" -> n -> nonEmpty(n.subject());
                    case "ISSUER" -> n -> nonEmpty(n.issuer());
                    case "SERIAL" -> n -> nonEmpty(n.serial());
                    case "FINGERPRINT_256" -> CertificateNames::sha256;
                    case "FINGERPRINT_1" -> CertificateNames::sha1;
                    case "CERT" -> CertificateNames::urlEncodedPem;
                    case "URI_SAN" -> n -> joined(n.uriSans());
                    case "DNS_SAN" -> n -> joined(n.dnsSans());
                    case "IP_SAN" -> n -> joined(n.ipSans());
                    case "EMAIL_SAN" -> n -> joined(n.emailSans());
                    case "OTHERNAME_SAN" -> n -> joined(n.otherNameSans());
                    default -> null;
                };
        if (value == null) {
            return null;
        }
        return session(
                tls,
                t -> {
                    CertificateNames names = side.apply(t);
                    return names == null ? null : value.apply(names);
                });
    }

    private static FormatCommand chain(
            Function<FormatContext, @Nullable TlsInfo> tls,
            Function<X509Certificate, String> field) {
        return session(tls, t -> joined(t.peerCertificates().stream().map(field).toList()));
    }

    /** Lower-case hex of the DER's digest. */
    private static String digest(String algorithm, X509Certificate certificate) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            return HexFormat.of().formatHex(digest.digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException(
                    "cannot take the " + algorithm + " of a certificate", e);
        }
    }

    private static FormatCommand issuer(
            Function<FormatContext, @Nullable TlsInfo> tls,
            Function<X509Certificate, String> field) {
        return session(
                tls,
                t ->
                        t.peerCertificates().size() < 2
                                ? null
                                : field.apply(t.peerCertificates().get(1)));
    }

    private static FormatCommand session(
            Function<FormatContext, @Nullable TlsInfo> tls,
            Function<TlsInfo, @Nullable String> field) {
        return context -> {
            TlsInfo info = tls.apply(context);
            return info == null ? null : field.apply(info);
        };
    }

    private static FormatCommand validity(
            Function<FormatContext, @Nullable TlsInfo> tls,
            @Nullable String format,
            Function<CertificateNames, Long> bound) {
        TimeFormat time = TimeFormat.of(format == null ? "" : format);
        return session(
                tls,
                t -> {
                    CertificateNames names = t.peerNames();
                    return names == null ? null : time.format(bound.apply(names) * 1000, 0, false);
                });
    }

    private static @Nullable String joined(List<String> values) {
        return values.isEmpty() ? null : String.join(",", values);
    }

    private static @Nullable String nonEmpty(String value) {
        return value.isEmpty() ? null : value;
    }
}
