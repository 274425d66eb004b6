package dev.attache.config.tls;

import dev.attache.config.extension.CompileContext;
import dev.attache.config.secret.CertificateCompiler;
import dev.attache.config.secret.SecretCompiler;
import dev.attache.config.secret.ValidationCompiler;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsParams;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.tls.secret.TlsVersion;
import io.envoyproxy.envoy.config.core.v3.WatchedDirectory;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code CommonTlsContext}: parameters, certificates and how the peer is checked. */
public final class CommonTlsCompiler {
    private CommonTlsCompiler() {}

    public static TlsParams params(
            CommonTlsContext tls, TlsVersion autoMax, CompileContext context) {
        return TlsParamsCompiler.compile(tls, autoMax, context);
    }

    /** All certificates: inline ones, then those of SDS. An empty message is no certificate. */
    public static List<SecretRef<TlsSecret.Certificate>> certificates(
            CommonTlsContext tls, CompileContext context) {
        List<SecretRef<TlsSecret.Certificate>> certificates = new ArrayList<>();
        for (int i = 0; i < tls.getTlsCertificatesCount(); i++) {
            TlsCertificate certificate = tls.getTlsCertificates(i);
            if (certificate.equals(TlsCertificate.getDefaultInstance())) {
                continue;
            }
            SecretRef<TlsSecret.Certificate> ref =
                    SecretCompiler.inline(
                            certificate,
                            CertificateCompiler.KIND,
                            watched(
                                    certificate.hasWatchedDirectory(),
                                    certificate.getWatchedDirectory()),
                            context.at("tls_certificates", i));
            if (ref != null) {
                certificates.add(ref);
            }
        }
        for (int i = 0; i < tls.getTlsCertificateSdsSecretConfigsCount(); i++) {
            SecretRef<TlsSecret.Certificate> ref =
                    SecretCompiler.reference(
                            tls.getTlsCertificateSdsSecretConfigs(i),
                            CertificateCompiler.KIND,
                            context.at("tls_certificate_sds_secret_configs", i));
            if (ref != null) {
                certificates.add(ref);
            }
        }
        return certificates;
    }

    /** How the peer's certificate is checked; null: not at all. */
    public static @Nullable SecretRef<TlsSecret.Validation> validation(
            CommonTlsContext tls, CompileContext context) {
        return switch (tls.getValidationContextTypeCase()) {
            case VALIDATION_CONTEXT -> {
                CertificateValidationContext validation = tls.getValidationContext();
                yield SecretCompiler.inline(
                        validation,
                        ValidationCompiler.kind(CertificateValidationContext.getDefaultInstance()),
                        watched(validation.hasWatchedDirectory(), validation.getWatchedDirectory()),
                        context.at("validation_context"));
            }
            case VALIDATION_CONTEXT_SDS_SECRET_CONFIG ->
                    SecretCompiler.reference(
                            tls.getValidationContextSdsSecretConfig(),
                            ValidationCompiler.kind(
                                    CertificateValidationContext.getDefaultInstance()),
                            context.at("validation_context_sds_secret_config"));
            case COMBINED_VALIDATION_CONTEXT -> {
                var combined = tls.getCombinedValidationContext();
                yield SecretCompiler.reference(
                        combined.getValidationContextSdsSecretConfig(),
                        ValidationCompiler.kind(combined.getDefaultValidationContext()),
                        context.at("combined_validation_context")
                                .at("validation_context_sds_secret_config"));
            }
            case VALIDATION_CONTEXT_CERTIFICATE_PROVIDER,
                    VALIDATION_CONTEXT_CERTIFICATE_PROVIDER_INSTANCE,
                    VALIDATIONCONTEXTTYPE_NOT_SET ->
                    null;
        };
    }

    private static List<WatchedDirectory> watched(boolean present, WatchedDirectory directory) {
        return present ? List.of(directory) : List.of();
    }
}
