package dev.attache.proxy.listener;

import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.TlsInfo;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS of a connection that is only asked about: there was no handshake, so there is no certificate,
 * and what the handshake would have come to is not known. Immutable.
 */
record ExplainedTls(@Nullable String requestedServerName, @Nullable String alpn)
        implements TlsInfo {

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
        return false;
    }

    @Override
    public boolean peerCertificateValidated() {
        return false;
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return List.of();
    }

    @Override
    public String urlEncodedPeerChain() {
        return "";
    }

    @Override
    public List<String> pemPeerChain() {
        return List.of();
    }

    @Override
    public @Nullable CertificateNames peerNames() {
        return null;
    }

    @Override
    public @Nullable CertificateNames localNames() {
        return null;
    }
}
