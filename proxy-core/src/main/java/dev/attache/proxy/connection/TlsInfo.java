package dev.attache.proxy.connection;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one finished handshake established. Created once per connection on its loop; certificates
 * are parsed on first use and kept.
 */
public interface TlsInfo {

    /** {@code TLSv1.2}, {@code TLSv1.3}. */
    String version();

    /** OpenSSL's cipher name, e.g. {@code TLS_AES_128_GCM_SHA256}. */
    String cipher();

    /** Of the key exchange, in BoringSSL's words ({@code X25519MLKEM768}); empty for RSA's. */
    String group();

    /** Lower-case hex; empty where the protocol has none. */
    String sessionId();

    /** The name that the client asked for, or null; null also where we are the client. */
    @Nullable String requestedServerName();

    /** The negotiated application protocol, or null. */
    @Nullable String alpn();

    /** The peer presented a certificate (whether or not it was verified). */
    boolean peerCertificatePresented();

    /** The peer's certificate was verified against a CA. */
    boolean peerCertificateValidated();

    /** Leaf first; empty when none was presented. */
    List<X509Certificate> peerCertificates();

    /** {@link #peerCertificates} as percent-encoded PEM; loop-confined. */
    String urlEncodedPeerChain();

    /** {@link #peerCertificates} in PEM, lines ended; loop-confined. */
    List<String> pemPeerChain();

    @Nullable CertificateNames peerNames();

    @Nullable CertificateNames localNames();
}
