package dev.attache.proxy.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Leaves the peer's certificate to the rules of the connection whose handshake it is: a context may
 * serve many clusters. Without a handshake under way nobody is trusted. Immutable, any thread.
 */
final class HandshakeTrust extends X509ExtendedTrustManager {

    private final X509Certificate[] issuers;

    /**
     * @param issuers what clients are told to show certificates of; empty = not told
     */
    HandshakeTrust(List<X509Certificate> issuers) {
        this.issuers = issuers.toArray(new X509Certificate[0]);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return issuers.clone();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String auth, SSLEngine engine)
            throws CertificateException {
        handshake(engine).verify(chain, false);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String auth, SSLEngine engine)
            throws CertificateException {
        handshake(engine).verify(chain, true);
    }

    private static Handshake handshake(SSLEngine engine) throws CertificateException {
        Handshake handshake = Handshakes.of(engine);
        if (handshake == null) {
            throw new CertificateException("no handshake is under way");
        }
        return handshake;
    }

    private static CertificateException withoutEngine() {
        return new CertificateException("verification needs the engine");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String auth)
            throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String auth)
            throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String auth, Socket socket)
            throws CertificateException {
        throw withoutEngine();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String auth, Socket socket)
            throws CertificateException {
        throw withoutEngine();
    }
}
