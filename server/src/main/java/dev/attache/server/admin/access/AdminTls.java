package dev.attache.server.admin.access;

import dev.attache.proxy.tls.x509.PemMaterial;
import dev.attache.server.flags.AdminOptions;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of the admin port, by {@code --admin-tls-cert}, {@code --admin-tls-key} and {@code
 * --admin-client-ca}: the JDK's, since few connections come. Files are looked at with each
 * connection and read again once one of them changes; what cannot be read leaves what was there.
 * Used by one thread.
 */
final class AdminTls {

    private static final Logger LOG = LoggerFactory.getLogger("admin");

    private final WatchedFile certificate;
    private final WatchedFile key;
    private final @Nullable WatchedFile clients;
    private final boolean certificateOptional;
    private SslContext context;

    /** The last reading failed: files that have not changed since are read again, too. */
    private boolean failed;

    /**
     * @throws IOException where a file cannot be read or does not hold what it should
     */
    AdminTls(AdminOptions options) throws IOException {
        certificate = new WatchedFile("--admin-tls-cert", options.tlsCert());
        key = new WatchedFile("--admin-tls-key", options.tlsKey());
        clients =
                options.clientCa().isEmpty()
                        ? null
                        : new WatchedFile("--admin-client-ca", options.clientCa());
        certificateOptional = options.openReady();
        context = read();
    }

    /** For one accepted connection. */
    SslHandler handler(ByteBufAllocator allocator) {
        if (failed
                || certificate.isStale()
                || key.isStale()
                || (clients != null && clients.isStale())) {
            refresh();
        }
        return context.newHandler(allocator);
    }

    /** Whether clients show certificates. */
    boolean asksForCertificates() {
        return clients != null;
    }

    /** Whether the client of a connection has shown one that is trusted. */
    boolean hasCertificate(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        if (handler == null) {
            return false;
        }
        try {
            return handler.engine().getSession().getPeerCertificates().length > 0;
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }

    private void refresh() {
        try {
            context = read();
            failed = false;
            LOG.info("the admin port's certificates: read again");
        } catch (IOException e) {
            if (!failed) {
                LOG.warn("the admin port's certificates stay: {}", e.getMessage());
            }
            failed = true;
        }
    }

    private SslContext read() throws IOException {
        X509Certificate[] chain = certificates(certificate);
        SslContextBuilder builder =
                SslContextBuilder.forServer(keyOf(chain[0]), chain)
                        .sslProvider(SslProvider.JDK)
                        .protocols("TLSv1.3", "TLSv1.2");
        WatchedFile authorities = clients;
        if (authorities != null) {
            builder.trustManager(certificates(authorities))
                    .clientAuth(certificateOptional ? ClientAuth.OPTIONAL : ClientAuth.REQUIRE);
        }
        try {
            return builder.build();
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(certificate + " and " + key + ": " + e.getMessage(), e);
        }
    }

    /** The JDK takes a certificate with the key of another one, and fails in each handshake. */
    private PrivateKey keyOf(X509Certificate leaf) throws IOException {
        byte[] pem = key.read();
        try {
            PrivateKey own = PemMaterial.privateKey(pem, null);
            if (!KeyPairing.belongs(own, leaf.getPublicKey())) {
                throw new IOException(certificate + " and " + key + " do not belong together");
            }
            return own;
        } catch (GeneralSecurityException e) {
            throw new IOException(key + ": " + e.getMessage(), e);
        }
    }

    private static X509Certificate[] certificates(WatchedFile file) throws IOException {
        byte[] pem = file.read();
        try {
            return PemMaterial.certificates(pem, file.toString()).toArray(X509Certificate[]::new);
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }
}
