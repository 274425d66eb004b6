package dev.attache.proxy.listener;

import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.tls.x509.CertificateReader;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a connection that is only asked about: there was no handshake, so what it would have come
 * to but for names is not known. Immutable.
 *
 * @param peerCertificates what the client shows, leaf first; empty: nothing
 * @param peerCertificateValidated by the rules of the chain
 * @param own the server's certificate, null where it is not known which one is shown
 */
record ExplainedTls(
        @Nullable String requestedServerName,
        @Nullable String alpn,
        List<X509Certificate> peerCertificates,
        boolean peerCertificateValidated,
        @Nullable X509Certificate own)
        implements TlsInfo {

    ExplainedTls {
        peerCertificates = List.copyOf(peerCertificates);
    }

    @Override
    public String version() {
        return "";
    }

    @Override
    public String cipher() {
        return "";
    }

    @Override
    public String group() {
        return "";
    }

    @Override
    public String sessionId() {
        return "";
    }

    @Override
    public boolean peerCertificatePresented() {
        return !peerCertificates.isEmpty();
    }

    @Override
    public String urlEncodedPeerChain() {
        return CertificateReader.urlEncodedPem(peerCertificates);
    }

    @Override
    public List<String> pemPeerChain() {
        return peerCertificates.stream().map(CertificateReader::pem).toList();
    }

    @Override
    public @Nullable CertificateNames peerNames() {
        return peerCertificates.isEmpty()
                ? null
                : CertificateReader.read(peerCertificates.getFirst());
    }

    @Override
    public @Nullable CertificateNames localNames() {
        return own == null ? null : CertificateReader.read(own);
    }
}
