package dev.attache.config.tls;

import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.tls.TlsParams;
import dev.attache.proxy.tls.TlsVersion;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsParameters;
import java.util.List;

/** {@code tls_params} and {@code alpn_protocols}. */
final class TlsParamsCompiler {
    private TlsParamsCompiler() {}

    /**
     * @param autoMax what TLS_AUTO means as the maximum: 1.2 for clients, 1.3 for servers
     */
    static TlsParams compile(CommonTlsContext tls, TlsVersion autoMax, CompileContext context) {
        TlsParameters params = tls.getTlsParams();
        CompileContext at = context.at("tls_params");
        List<String> ciphers =
                params.getCipherSuitesCount() == 0
                        ? TlsParams.DEFAULT_CIPHERS
                        : params.getCipherSuitesList();
        List<String> curves =
                params.getEcdhCurvesCount() == 0
                        ? TlsParams.DEFAULT_CURVES
                        : params.getEcdhCurvesList();
        checkNames(ciphers, curves, params.getSignatureAlgorithmsList(), at);
        checkAlpn(tls.getAlpnProtocolsList(), context);
        return new TlsParams(
                version(params.getTlsMinimumProtocolVersion(), TlsVersion.TLS_1_2),
                version(params.getTlsMaximumProtocolVersion(), autoMax),
                ciphers,
                curves,
                params.getSignatureAlgorithmsList(),
                tls.getAlpnProtocolsList(),
                null);
    }

    private static TlsVersion version(TlsParameters.TlsProtocol version, TlsVersion auto) {
        return switch (version) {
            case TLSv1_0 -> TlsVersion.TLS_1_0;
            case TLSv1_1 -> TlsVersion.TLS_1_1;
            case TLSv1_2 -> TlsVersion.TLS_1_2;
            case TLSv1_3 -> TlsVersion.TLS_1_3;
            case TLS_AUTO, UNRECOGNIZED -> auto;
        };
    }

    private static void checkNames(
            List<String> ciphers, List<String> curves, List<String> algorithms, CompileContext at) {
        List<String> unknown = CipherNames.unknownSuites(ciphers);
        if (!unknown.isEmpty()) {
            at.at("cipher_suites")
                    .error(
                            "Failed to initialize cipher suites %s. The following ciphers were rejected when tried individually: %s"
                                    .formatted(
                                            String.join(":", ciphers), String.join(", ", unknown)));
        }
        if (!curves.stream().allMatch(CipherNames::knowsCurve)) {
            at.at("ecdh_curves")
                    .error("Failed to initialize ECDH curves " + String.join(":", curves));
        }
        if (!algorithms.stream().allMatch(CipherNames::knowsSignature)) {
            at.at("signature_algorithms")
                    .error(
                            "Failed to initialize TLS signature algorithms "
                                    + String.join(":", algorithms));
        }
    }

    private static void checkAlpn(List<String> protocols, CompileContext context) {
        for (int i = 0; i < protocols.size(); i++) {
            int length = protocols.get(i).length();
            if (length == 0 || length > 255) {
                context.at("alpn_protocols", i)
                        .error("Invalid ALPN protocol string: it must have 1 to 255 characters");
            }
        }
    }
}
