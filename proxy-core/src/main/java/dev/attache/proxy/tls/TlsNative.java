package dev.attache.proxy.tls;

import io.netty.internal.tcnative.SSL;

/** Settings of one SSL object that Netty's contexts do not offer. */
final class TlsNative {

    private TlsNative() {}

    /** Sets TLS 1.2 suites in BoringSSL's notation, equal-preference groups included. */
    static void ciphers(long ssl, String suites) {
        if (suites.isEmpty()) {
            return;
        }
        try {
            SSL.setCipherSuites(ssl, suites, false);
        } catch (Exception e) {
            throw new IllegalStateException("Failed to initialize cipher suites " + suites, e);
        }
    }

    /** BoringSSL refuses renegotiation unless told otherwise; Netty allows a client one. */
    static void renegotiation(long ssl, boolean allowed) {
        try {
            SSL.setRenegotiateMode(
                    ssl, allowed ? SSL.SSL_RENEGOTIATE_FREELY : SSL.SSL_RENEGOTIATE_NEVER);
        } catch (Exception e) {
            throw new IllegalStateException("cannot set the renegotiation mode", e);
        }
    }
}
