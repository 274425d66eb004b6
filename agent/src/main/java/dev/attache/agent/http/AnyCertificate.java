package dev.attache.agent.http;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS with whoever answers, for probes alone: they ask an application on this host whether it
 * lives, not who it is, and kubelet does not look at certificates either.
 */
public final class AnyCertificate extends X509ExtendedTrustManager {

    private AnyCertificate() {}

    /** Made at the first probe of HTTPS. */
    public static SSLSocketFactory sockets() {
        return Sockets.FACTORY;
    }

    private static final class Sockets {
        static final SSLSocketFactory FACTORY = factory();

        private static SSLSocketFactory factory() {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {new AnyCertificate()}, null);
                return context.getSocketFactory();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the JDK has no TLS", e);
            }
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
        // Nobody shows one.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
        // Any will do.
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
        // Nobody shows one.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
        // Any will do.
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
        // Nobody shows one.
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
        // Any will do.
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
