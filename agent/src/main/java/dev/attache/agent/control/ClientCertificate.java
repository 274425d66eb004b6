package dev.attache.agent.control;

import dev.attache.agent.pem.Certificates;
import dev.attache.agent.pem.KeyMatch;
import dev.attache.agent.pem.PrivateKeys;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A certificate that came from elsewhere and is shown to the control plane ({@code PROV_CERT}).
 * Where it is not there, not to be read, or expired, the token alone has to do. Read at each
 * connection. Immutable; any thread.
 *
 * @param chain PEM
 * @param key PEM
 */
public record ClientCertificate(Path chain, Path key) {

    private static final Logger LOG = LoggerFactory.getLogger("agent");

    /** Has a connection show it, if it can be shown. */
    void offer(SslContextBuilder tls) throws IOException {
        List<X509Certificate> certificates;
        try {
            certificates = Certificates.readAll(Files.readString(chain));
        } catch (IOException | CertificateException e) {
            LOG.warn("cannot parse the cert chain, using token instead: {}", e.toString());
            return;
        }
        if (certificates.getFirst().getNotAfter().toInstant().isBefore(Instant.now())) {
            LOG.warn("cert expired, using token instead");
            return;
        }
        try {
            PrivateKey secret = PrivateKeys.read(Files.readString(key));
            if (!KeyMatch.of(secret, certificates.getFirst().getPublicKey())) {
                LOG.warn("{} is not the key of {}, using token instead", key, chain);
                return;
            }
            tls.keyManager(new OneKey(secret, certificates));
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException("the key of " + chain + " is not to be used: " + e, e);
        }
    }
}
