package dev.attache.testkit.filter.proxy;

import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.tls.x509.CertificateReader;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A handshake in which the peer showed certificates that were verified.
 *
 * @param peerCertificates leaf first; empty = it showed none
 * @param own what this side showed; null = not known
 * @param alpn the protocol that was agreed on; null = none
 */
public record TestHandshake(
        @Nullable String requestedServerName,
        List<X509Certificate> peerCertificates,
        @Nullable X509Certificate own,
        @Nullable String alpn)
        implements TlsInfo {

    public TestHandshake {
        peerCertificates = List.copyOf(peerCertificates);
    }

    /** Of whose own certificate nothing is known. */
    public TestHandshake(
            @Nullable String requestedServerName, List<X509Certificate> peerCertificates) {
        this(requestedServerName, peerCertificates, null, null);
    }

    /** In which nobody showed a certificate. */
    public static TestHandshake agreedOn(@Nullable String alpn) {
        return new TestHandshake(null, List.of(), null, alpn);
    }

    @Override
    public String version() {
        return "TLSv1.3";
    }

    @Override
    public String cipher() {
        return "TLS_AES_128_GCM_SHA256";
    }

    @Override
    public String group() {
        return "X25519";
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
    public boolean peerCertificateValidated() {
        return peerCertificatePresented();
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
        return peerCertificates.isEmpty() ? null : CertificateReader.read(peerCertificates.get(0));
    }

    @Override
    public @Nullable CertificateNames localNames() {
        return own == null ? null : CertificateReader.read(own);
    }
}
