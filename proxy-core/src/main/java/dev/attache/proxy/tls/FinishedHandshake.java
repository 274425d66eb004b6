package dev.attache.proxy.tls;

import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.tls.secret.Identity;
import dev.attache.proxy.tls.x509.CertificateReader;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import java.io.ByteArrayInputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What BoringSSL knew when the handshake finished. Certificates are parsed when asked for. */
final class FinishedHandshake implements TlsInfo {

    private static final Certificate[] NO_CHAIN = {};

    private final String version;
    private final String cipher;
    private final String group;
    private final String sessionId;
    private final @Nullable String alpn;
    private final @Nullable String serverName;
    private final boolean validated;
    private final Certificate[] peerChain;
    private final Certificate @Nullable [] localChain;
    private @Nullable List<X509Certificate> peer;
    private @Nullable String urlEncodedPeerChain;
    private @Nullable List<String> pemPeerChain;
    private @Nullable CertificateNames peerNames;
    private @Nullable CertificateNames localNames;

    private FinishedHandshake(
            ReferenceCountedOpenSslEngine engine,
            boolean peerHasOne,
            boolean validated,
            @Nullable Identity only) {
        long ssl = engine.sslPointer();
        this.version = SSL.getVersion(ssl);
        this.cipher = SSL.getCipherForSSL(ssl);
        this.group = group(ssl);
        byte[] id = SSL.getSessionId(ssl);
        // TLS 1.3 has no session ids; what BoringSSL makes up for its cache is not the peer's.
        this.sessionId =
                id == null || version.equals("TLSv1.3") ? "" : HexFormat.of().formatHex(id);
        this.alpn = SSL.getAlpnSelected(ssl);
        this.serverName = engine.getUseClientMode() ? null : SSL.getSniHostname(ssl);
        this.peerChain = peerHasOne ? Handshake.peerChain(engine) : NO_CHAIN;
        // A resumed session was verified when it was made, under the same rules: its tickets and
        // cache belong to the context that holds them.
        this.validated = validated || (peerChain.length > 0 && SSL.isSessionReused(ssl));
        Certificate[] shown = engine.getSession().getLocalCertificates();
        boolean none = shown == null || shown.length == 0;
        this.localChain = none && only != null ? only.chain() : shown;
    }

    /**
     * @param peerHasOne false: the peer showed no certificate in this handshake, and asking the
     *     session would cost an exception
     * @param only the certificate that stands for ours where this handshake showed none, or null
     */
    static FinishedHandshake of(
            ReferenceCountedOpenSslEngine engine,
            boolean peerHasOne,
            boolean validated,
            @Nullable Identity only) {
        return new FinishedHandshake(engine, peerHasOne, validated, only);
    }

    @Override
    public @Nullable String requestedServerName() {
        return serverName;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public String cipher() {
        return cipher;
    }

    private static String group(long ssl) {
        try {
            String name = SSL.getGroupName(ssl);
            return name == null ? "" : name;
        } catch (Exception e) {
            // RSA key exchange has no group.
            return "";
        }
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public String sessionId() {
        return sessionId;
    }

    @Override
    public @Nullable String alpn() {
        return alpn;
    }

    @Override
    public boolean peerCertificatePresented() {
        return peerChain.length > 0;
    }

    @Override
    public boolean peerCertificateValidated() {
        return validated;
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        List<X509Certificate> parsed = peer;
        if (parsed == null) {
            parsed = new ArrayList<>(peerChain.length);
            for (Certificate certificate : peerChain) {
                parsed.add(parse(certificate));
            }
            parsed = List.copyOf(parsed);
            peer = parsed;
        }
        return parsed;
    }

    @Override
    public String urlEncodedPeerChain() {
        String encoded = urlEncodedPeerChain;
        if (encoded == null) {
            encoded = CertificateReader.urlEncodedPem(peerCertificates());
            urlEncodedPeerChain = encoded;
        }
        return encoded;
    }

    @Override
    public List<String> pemPeerChain() {
        List<String> chain = pemPeerChain;
        if (chain == null) {
            chain = peerCertificates().stream().map(CertificateReader::pem).toList();
            pemPeerChain = chain;
        }
        return chain;
    }

    private static X509Certificate parse(Certificate lazy) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(lazy.getEncoded()));
        } catch (CertificateException e) {
            throw new IllegalStateException("BoringSSL accepted what Java cannot read", e);
        }
    }

    @Override
    public @Nullable CertificateNames peerNames() {
        if (peerNames == null && peerChain.length > 0) {
            peerNames = CertificateReader.read(peerCertificates().getFirst());
        }
        return peerNames;
    }

    @Override
    public @Nullable CertificateNames localNames() {
        if (localNames == null && localChain != null && localChain.length > 0) {
            localNames = CertificateReader.read(parse(localChain[0]));
        }
        return localNames;
    }
}
