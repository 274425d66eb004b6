package dev.attache.filters.transport_sockets.tls;

import dev.attache.config.Compiled;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.secret.SecretCompiler;
import dev.attache.config.tls.CommonTlsCompiler;
import dev.attache.proxy.tls.ServerTlsSpec;
import dev.attache.proxy.tls.ServerTlsSpec.OcspStaplePolicy;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.tls.secret.TlsVersion;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** TLS on the accepting side. */
public final class DownstreamTlsFactory
        implements ExtensionCompiler<DownstreamTlsContext, ServerTlsSpec> {
    @Override
    public DownstreamTlsContext prototype() {
        return DownstreamTlsContext.getDefaultInstance();
    }

    @Override
    public Compiled<ServerTlsSpec> compile(DownstreamTlsContext proto, CompileContext context) {
        CompileContext at = context.at("common_tls_context");
        var tls = proto.getCommonTlsContext();
        int before = context.diagnostics().errorCount();
        List<SecretRef<TlsSecret.Certificate>> certificates =
                CommonTlsCompiler.certificates(tls, at);
        if (tls.getTlsCertificatesCount() > 0 && tls.getTlsCertificateSdsSecretConfigsCount() > 0) {
            at.error("SDS and non-SDS TLS certificates may not be mixed in server contexts");
        } else if (certificates.isEmpty() && context.diagnostics().errorCount() == before) {
            at.error("No TLS certificates found for server context");
        }
        ServerTlsSpec spec =
                new ServerTlsSpec(
                        CommonTlsCompiler.params(tls, TlsVersion.TLS_1_3, at),
                        certificates,
                        CommonTlsCompiler.validation(tls, at),
                        proto.getRequireClientCertificate().getValue(),
                        ticketKeys(proto, context),
                        proto.getDisableStatelessSessionResumption(),
                        proto.getDisableStatefulSessionResumption(),
                        Durations.millis(proto.getSessionTimeout(), context.at("session_timeout"))
                                / 1000,
                        staples(proto),
                        proto.getPreferClientCiphers(),
                        proto.getFullScanCertsOnSniMismatch().getValue());
        checkStaples(spec, context);
        return context.result(spec);
    }

    private static @Nullable SecretRef<TlsSecret.TicketKeys> ticketKeys(
            DownstreamTlsContext proto, CompileContext context) {
        return switch (proto.getSessionTicketKeysTypeCase()) {
            case SESSION_TICKET_KEYS ->
                    SecretCompiler.inline(
                            proto.getSessionTicketKeys(),
                            SecretCompiler.TICKET_KEYS,
                            List.of(),
                            context.at("session_ticket_keys"));
            case SESSION_TICKET_KEYS_SDS_SECRET_CONFIG ->
                    SecretCompiler.reference(
                            proto.getSessionTicketKeysSdsSecretConfig(),
                            SecretCompiler.TICKET_KEYS,
                            context.at("session_ticket_keys_sds_secret_config"));
            case DISABLE_STATELESS_SESSION_RESUMPTION, SESSIONTICKETKEYSTYPE_NOT_SET -> null;
        };
    }

    private static OcspStaplePolicy staples(DownstreamTlsContext proto) {
        return switch (proto.getOcspStaplePolicy()) {
            case STRICT_STAPLING -> OcspStaplePolicy.STRICT_STAPLING;
            case MUST_STAPLE -> OcspStaplePolicy.MUST_STAPLE;
            case LENIENT_STAPLING, UNRECOGNIZED -> OcspStaplePolicy.LENIENT_STAPLING;
        };
    }

    private static void checkStaples(ServerTlsSpec spec, CompileContext context) {
        for (SecretRef<TlsSecret.Certificate> certificate : spec.certificates()) {
            TlsSecret.Certificate current = certificate.current();
            String problem = current == null ? null : spec.problem(current);
            if (problem != null) {
                context.error(problem);
            }
        }
    }
}
