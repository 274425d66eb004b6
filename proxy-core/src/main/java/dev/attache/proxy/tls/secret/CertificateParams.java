package dev.attache.proxy.tls.secret;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code TlsCertificate.tls_params}: what holds for the handshakes that a certificate answers, in
 * place of its context's parameters. Immutable.
 *
 * @param minVersion null = the context's
 * @param maxVersion null = the context's
 * @param cipherSuites TLS 1.2 suites, written as in {@link TlsParams}; empty = the context's
 * @param curves OpenSSL's names, in order of preference; empty = the context's
 */
public record CertificateParams(
        @Nullable TlsVersion minVersion,
        @Nullable TlsVersion maxVersion,
        List<String> cipherSuites,
        List<String> curves) {

    /** Everything is the context's. */
    public static final CertificateParams NONE =
            new CertificateParams(null, null, List.of(), List.of());

    public CertificateParams {
        cipherSuites = List.copyOf(cipherSuites);
        curves = List.copyOf(curves);
    }

    /** Lowest version that is accepted in {@code context}. */
    public TlsVersion minVersion(TlsParams context) {
        return minVersion == null ? context.minVersion() : minVersion;
    }

    /** Highest version that is accepted in {@code context}. */
    public TlsVersion maxVersion(TlsParams context) {
        return maxVersion == null ? context.maxVersion() : maxVersion;
    }

    /** Why they cannot hold in {@code context}, in Envoy's words, or null. */
    public @Nullable String problem(TlsParams context) {
        boolean limited = minVersion != null || maxVersion != null;
        return limited && minVersion(context).compareTo(maxVersion(context)) > 0
                ? "Per-certificate tls_params: effective min protocol version exceeds effective max"
                        + " (considering inherited context bounds)"
                : null;
    }
}
