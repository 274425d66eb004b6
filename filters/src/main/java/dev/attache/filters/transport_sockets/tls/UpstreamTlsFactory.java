package dev.attache.filters.transport_sockets.tls;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.tls.CommonTlsCompiler;
import dev.attache.proxy.tls.ClientTlsSpec;
import dev.attache.proxy.tls.secret.CertificateParams;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsParams;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.tls.secret.TlsVersion;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLS on the dialling side. */
public final class UpstreamTlsFactory
        implements ExtensionCompiler<UpstreamTlsContext, ClientTlsSpec> {
    @Override
    public UpstreamTlsContext prototype() {
        return UpstreamTlsContext.getDefaultInstance();
    }

    @Override
    public Compiled<ClientTlsSpec> compile(UpstreamTlsContext proto, CompileContext context) {
        CompileContext at = context.at("common_tls_context");
        var tls = proto.getCommonTlsContext();
        List<SecretRef<TlsSecret.Certificate>> certificates =
                CommonTlsCompiler.certificates(tls, at);
        if (certificates.size() > 1) {
            at.error("Multiple TLS certificates are not supported for client contexts");
        }
        TlsParams params = CommonTlsCompiler.params(tls, TlsVersion.TLS_1_2, at);
        certificates.forEach(certificate -> checkParams(certificate.current(), params, at));
        SecretRef<TlsSecret.Validation> validation = CommonTlsCompiler.validation(tls, at);
        check(proto, validation, context);
        return context.result(
                new ClientTlsSpec(
                        params,
                        certificates.isEmpty() ? null : certificates.getFirst(),
                        validation,
                        proto.getSni(),
                        proto.getAutoHostSni(),
                        proto.getAutoSniSanValidation(),
                        proto.getAllowRenegotiation(),
                        proto.hasMaxSessionKeys() ? proto.getMaxSessionKeys().getValue() : 1,
                        !proto.hasEnforceRsaKeyUsage()
                                || proto.getEnforceRsaKeyUsage().getValue()));
    }

    /** As in Envoy: a client's certificate comes after what they would change. */
    private static void checkParams(
            TlsSecret.@Nullable Certificate certificate, TlsParams params, CompileContext context) {
        if (certificate == null || certificate.params().equals(CertificateParams.NONE)) {
            return;
        }
        String problem = certificate.params().problem(params);
        if (problem != null) {
            context.error(problem);
        }
        context.warning(
                "tls_params on a client TlsCertificate is not supported; use context-level"
                        + " tls_params instead");
    }

    private static void check(
            UpstreamTlsContext proto,
            @Nullable SecretRef<TlsSecret.Validation> validation,
            CompileContext context) {
        if (proto.getAutoSniSanValidation() && validation == null) {
            context.at("auto_sni_san_validation")
                    .error("'auto_sni_san_validation' was configured without a validation context");
        }
    }
}
