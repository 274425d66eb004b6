package dev.attache.filters.access_loggers.grpc;

import dev.attache.filters.wire.CipherSuites;
import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.TlsInfo;
import org.jspecify.annotations.Nullable;

/** {@code envoy.data.accesslog.v3.TLSProperties}, as Envoy fills it. Stateless. */
final class TlsProperties {

    private static final int TLS_PROPERTIES = 4;
    private static final int TLS_VERSION = 1;
    private static final int TLS_CIPHER_SUITE = 2;
    private static final int TLS_SNI_HOSTNAME = 3;
    private static final int LOCAL_CERTIFICATE_PROPERTIES = 4;
    private static final int PEER_CERTIFICATE_PROPERTIES = 5;
    private static final int TLS_SESSION_ID = 6;
    private static final int JA3_FINGERPRINT = 7;
    private static final int SUBJECT_ALT_NAME = 1;
    private static final int SUBJECT = 2;
    private static final int ISSUER = 3;
    private static final int URI = 1;

    private TlsProperties() {}

    static void write(MessageWriter out, ConnectionInfo connection) {
        TlsInfo tls = connection.tls();
        // What a listener filter found: the handshake's own name is not told.
        String asked = connection.requestedServerName();
        String ja3 = connection.helloFingerprints().ja3();
        if (tls == null && ja3 == null && (asked == null || asked.isEmpty())) {
            return;
        }
        int begun = out.begin(TLS_PROPERTIES);
        if (tls != null) {
            out.number(TLS_VERSION, version(tls.version()));
            int suite = out.begin(TLS_CIPHER_SUITE);
            out.number(1, CipherSuites.number(tls.cipher()));
            out.end(suite);
        }
        if (asked != null) {
            out.octets(TLS_SNI_HOSTNAME, asked);
        }
        if (tls != null) {
            certificate(out, LOCAL_CERTIFICATE_PROPERTIES, tls.localNames(), false);
            certificate(out, PEER_CERTIFICATE_PROPERTIES, tls.peerNames(), true);
            out.text(TLS_SESSION_ID, tls.sessionId());
        }
        if (ja3 != null) {
            out.text(JA3_FINGERPRINT, ja3);
        }
        out.end(begun);
    }

    /**
     * There in any case, and empty where there is no certificate. As in Envoy, other names than
     * URIs are not told, nor who issued our own.
     */
    private static void certificate(
            MessageWriter out, int field, @Nullable CertificateNames names, boolean withIssuer) {
        int begun = out.begin(field);
        if (names != null) {
            for (String uri : names.uriSans()) {
                int san = out.begin(SUBJECT_ALT_NAME);
                out.textAlways(URI, uri);
                out.end(san);
            }
            out.text(SUBJECT, names.subject());
            if (withIssuer) {
                out.text(ISSUER, names.issuer());
            }
        }
        out.end(begun);
    }

    private static int version(String version) {
        return switch (version) {
            case "TLSv1" -> 1;
            case "TLSv1.1" -> 2;
            case "TLSv1.2" -> 3;
            case "TLSv1.3" -> 4;
            default -> 0;
        };
    }
}
