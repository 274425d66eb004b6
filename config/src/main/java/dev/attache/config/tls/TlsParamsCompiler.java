package dev.attache.config.tls;

import dev.attache.config.extension.CompileContext;
import dev.attache.config.secret.TlsParametersReader;
import dev.attache.proxy.tls.secret.TlsParams;
import dev.attache.proxy.tls.secret.TlsVersion;
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
        TlsParametersReader.checkNames(ciphers, curves, at);
        checkAlpn(tls.getAlpnProtocolsList(), context);
        return new TlsParams(
                version(params.getTlsMinimumProtocolVersion(), TlsVersion.TLS_1_2),
                version(params.getTlsMaximumProtocolVersion(), autoMax),
                ciphers,
                curves,
                tls.getAlpnProtocolsList(),
                null);
    }

    private static TlsVersion version(TlsParameters.TlsProtocol version, TlsVersion auto) {
        TlsVersion said = TlsParametersReader.version(version);
        return said == null ? auto : said;
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
