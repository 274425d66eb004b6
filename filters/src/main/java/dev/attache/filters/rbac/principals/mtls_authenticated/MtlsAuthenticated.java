package dev.attache.filters.rbac.principals.mtls_authenticated;

import dev.attache.filters.rbac.Check;
import dev.attache.filters.rbac.Facts;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.tls.SubjectAltNames;
import dev.attache.proxy.tls.secret.SanMatcher;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client has shown a certificate that was verified. Immutable.
 *
 * @param names one of the certificate's matches; null = any certificate
 */
record MtlsAuthenticated(@Nullable SanMatcher names) implements Check {

    @Override
    public boolean holds(Facts facts) {
        TlsInfo tls = facts.connection().tls();
        if (tls == null || !tls.peerCertificateValidated()) {
            return false;
        }
        if (names == null) {
            return true;
        }
        List<X509Certificate> chain = tls.peerCertificates();
        return !chain.isEmpty() && SubjectAltNames.match(chain.getFirst(), names);
    }
}
