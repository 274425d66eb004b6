package dev.attache.agent.identity;

import dev.attache.agent.pem.Certificates;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/** The certificates of an identity that was read before. Stateless. */
final class IdentityChain {

    private IdentityChain() {}

    static List<X509Certificate> read(Identity identity) {
        try {
            return Certificates.readAll(identity.chainText());
        } catch (CertificateException e) {
            throw new IllegalStateException("a chain that was read before", e);
        }
    }
}
