package dev.attache.config.secret;

import dev.attache.api.Overlay;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.tls.secret.CertificateParams;
import dev.attache.proxy.tls.secret.TlsVersion;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code TlsParameters} of contexts and of certificates have in common. */
public final class TlsParametersReader {
    private TlsParametersReader() {}

    /** A version that is said, or null. */
    public static @Nullable TlsVersion version(TlsParameters.TlsProtocol version) {
        return switch (version) {
            case TLSv1_0 -> TlsVersion.TLS_1_0;
            case TLSv1_1 -> TlsVersion.TLS_1_1;
            case TLSv1_2 -> TlsVersion.TLS_1_2;
            case TLSv1_3 -> TlsVersion.TLS_1_3;
            case TLS_AUTO, UNRECOGNIZED -> null;
        };
    }

    /** Reports names that BoringSSL does not know. */
    public static void checkNames(
            List<String> ciphers, List<String> curves, CompileContext context) {
        List<String> unknown = CipherNames.unknownSuites(ciphers);
        if (!unknown.isEmpty()) {
            context.at("cipher_suites")
                    .error(
                            "Failed to initialize cipher suites %s. The following ciphers were rejected when tried individually: %s"
                                    .formatted(
                                            String.join(":", ciphers), String.join(", ", unknown)));
        }
        if (!curves.stream().allMatch(CipherNames::knowsCurve)) {
            context.at("ecdh_curves")
                    .error("Failed to initialize ECDH curves " + String.join(":", curves));
        }
    }

    /** {@code tls_params} of a certificate. */
    static CertificateParams own(TlsCertificate certificate, CompileContext context) {
        TlsParameters params =
                Overlay.of(certificate).message("tls_params", TlsParameters.getDefaultInstance());
        if (params == null) {
            return CertificateParams.NONE;
        }
        checkNames(
                params.getCipherSuitesList(), params.getEcdhCurvesList(), context.at("tls_params"));
        return new CertificateParams(
                version(params.getTlsMinimumProtocolVersion()),
                version(params.getTlsMaximumProtocolVersion()),
                params.getCipherSuitesList(),
                params.getEcdhCurvesList());
    }
}
