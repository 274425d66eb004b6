package dev.attache.config.secret;

import dev.attache.api.Overlay;
import dev.attache.config.core.DataSources;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.matching.StringMatchers;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.tls.secret.SanMatcher;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.tls.secret.TrustDomains;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code CertificateValidationContext} to validation material. */
public final class ValidationCompiler {
    private static final String SPIFFE = "envoy.tls.cert_validator.spiffe";

    private ValidationCompiler() {}

    /**
     * The kind of secret that carries a validation context.
     *
     * @param defaults {@code default_validation_context} of a combined context, which the delivered
     *     one is merged over; the default instance if there is none
     */
    public static SecretCompiler.Kind<CertificateValidationContext, TlsSecret.Validation> kind(
            CertificateValidationContext defaults) {
        return new SecretCompiler.Kind<>(
                "CertificateValidationContextSdsApi",
                defaults,
                s ->
                        s.hasValidationContext()
                                ? Optional.of(s.getValidationContext())
                                : Optional.empty(),
                (message, context) ->
                        compile(defaults.toBuilder().mergeFrom(message).build(), context));
    }

    // The class file of a record with a compact constructor loses the @Nullable of its components.
    @SuppressWarnings("NullAway")
    static TlsSecret.@Nullable Validation compile(
            CertificateValidationContext message, CompileContext context) {
        byte[] ca = DataSources.bytes(message.getTrustedCa(), context.at("trusted_ca"));
        byte[] crl = revoked(message, context);
        List<SanMatcher> sans = sanMatchers(message, context);
        TrustDomains domains = null;
        if (message.hasCustomValidatorConfig()) {
            domains = domains(message.getCustomValidatorConfig(), context);
            if (domains == null) {
                return null;
            }
        } else if (!consistent(message, ca, crl, sans, context)) {
            return null;
        }
        TlsSecret.Validation rules =
                new TlsSecret.Validation(
                        ca,
                        DataSources.name(message.getTrustedCa()),
                        crl,
                        sans,
                        message.getVerifyCertificateSpkiList(),
                        message.getVerifyCertificateHashList().stream()
                                .map(hash -> hash.replace(":", "").toLowerCase(Locale.ROOT))
                                .toList(),
                        message.getTrustChainVerification()
                                == CertificateValidationContext.TrustChainVerification
                                        .ACCEPT_UNTRUSTED,
                        message.getAllowExpiredCertificate(),
                        message.getOnlyVerifyLeafCertCrl(),
                        message.hasMaxVerifyDepth()
                                ? message.getMaxVerifyDepth().getValue()
                                : TlsSecret.Validation.DEFAULT_MAX_VERIFY_DEPTH,
                        Overlay.of(message).flag("suppress_client_ca_list"),
                        domains);
        String problem = rules.problem();
        if (problem != null) {
            context.at(domains == null ? "trusted_ca" : "custom_validator_config").error(problem);
            return null;
        }
        return rules;
    }

    /**
     * The revocation lists; null where there are none, as in the empty file that istiod keeps for a
     * mesh without any: then nothing is asked about revocation.
     */
    private static byte @Nullable [] revoked(
            CertificateValidationContext message, CompileContext context) {
        byte[] lists = DataSources.bytes(message.getCrl(), context.at("crl"));
        return lists != null && lists.length == 0 ? null : lists;
    }

    /** Found by its name, as Envoy does; null with the error reported. */
    private static @Nullable TrustDomains domains(
            TypedExtensionConfig config, CompileContext context) {
        CompileContext at = context.at("custom_validator_config");
        if (!config.getName().equals(SPIFFE)) {
            at.error(
                    "Failed to get certificate validator factory for %s: %s is built"
                            .formatted(config.getName(), SPIFFE));
            return null;
        }
        return at.at("typed_config")
                .extension(
                        ExtensionCategory.CERTIFICATE_VALIDATOR,
                        TrustDomains.class,
                        config.getName(),
                        config.getTypedConfig());
    }

    private static boolean consistent(
            CertificateValidationContext message,
            byte @Nullable [] ca,
            byte @Nullable [] crl,
            List<SanMatcher> sans,
            CompileContext context) {
        int before = context.diagnostics().errorCount();
        if (ca == null && !sans.isEmpty()) {
            context.error(
                    "SAN-based verification of peer certificates without trusted CA is insecure and"
                            + " not allowed");
        }
        if (ca == null && crl != null) {
            context.at("crl")
                    .error(
                            "Failed to load CRL from %s without trusted CA"
                                    .formatted(DataSources.name(message.getCrl())));
        }
        if (ca == null && message.getAllowExpiredCertificate()) {
            context.at("allow_expired_certificate")
                    .error("Certificate validity period is always ignored without trusted CA");
        }
        hashes(message, context);
        return context.diagnostics().errorCount() == before && !missing(message, ca);
    }

    /** A source was named and could not be read: that has been reported already. */
    private static boolean missing(CertificateValidationContext message, byte @Nullable [] ca) {
        return message.hasTrustedCa()
                && ca == null
                && message.getTrustedCa().getSpecifierCase().getNumber() != 0;
    }

    private static void hashes(CertificateValidationContext message, CompileContext context) {
        for (int i = 0; i < message.getVerifyCertificateHashCount(); i++) {
            String hash = message.getVerifyCertificateHash(i).replace(":", "");
            if (!hash.matches("[0-9a-fA-F]{64}")) {
                context.at("verify_certificate_hash", i)
                        .error("Invalid hex-encoded SHA-256 " + hash);
            }
        }
        for (int i = 0; i < message.getVerifyCertificateSpkiCount(); i++) {
            String pin = message.getVerifyCertificateSpki(i);
            if (!pin.matches("[A-Za-z0-9+/]{43}=")) {
                context.at("verify_certificate_spki", i)
                        .error("Invalid base64-encoded SHA-256 " + pin);
            }
        }
    }

    @SuppressWarnings("deprecation") // Istio's bootstrap still sends match_subject_alt_names
    private static List<SanMatcher> sanMatchers(
            CertificateValidationContext message, CompileContext context) {
        List<SanMatcher> matchers = new ArrayList<>();
        for (int i = 0; i < message.getMatchTypedSubjectAltNamesCount(); i++) {
            SanMatcher matcher =
                    sanMatcher(
                            message.getMatchTypedSubjectAltNames(i),
                            context.at("match_typed_subject_alt_names", i));
            if (matcher != null) {
                matchers.add(matcher);
            }
        }
        if (!matchers.isEmpty()) {
            return matchers;
        }
        for (int i = 0; i < message.getMatchSubjectAltNamesCount(); i++) {
            CompileContext at = context.at("match_subject_alt_names", i);
            StringMatcher matcher = StringMatchers.compile(message.getMatchSubjectAltNames(i), at);
            if (matcher != null) {
                anyType(matcher, matchers);
            }
        }
        return matchers;
    }

    /** The untyped form asks for the name in any of the four common types. */
    private static void anyType(StringMatcher matcher, List<SanMatcher> into) {
        into.add(new SanMatcher(SanMatcher.SanType.DNS, matcher));
        into.add(new SanMatcher(SanMatcher.SanType.URI, matcher));
        into.add(new SanMatcher(SanMatcher.SanType.EMAIL, matcher));
        into.add(new SanMatcher(SanMatcher.SanType.IP_ADDRESS, matcher));
    }

    /** The matcher, or null with the error reported. */
    public static @Nullable SanMatcher sanMatcher(
            SubjectAltNameMatcher message, CompileContext context) {
        StringMatcher matcher = StringMatchers.compile(message.getMatcher(), context.at("matcher"));
        if (matcher == null) {
            return null;
        }
        return switch (message.getSanType()) {
            case DNS -> new SanMatcher(SanMatcher.SanType.DNS, matcher);
            case URI -> new SanMatcher(SanMatcher.SanType.URI, matcher);
            case EMAIL -> new SanMatcher(SanMatcher.SanType.EMAIL, matcher);
            case IP_ADDRESS -> new SanMatcher(SanMatcher.SanType.IP_ADDRESS, matcher);
            case OTHER_NAME -> {
                if (!message.getOid().matches("[0-9]+(\\.[0-9]+)+")) {
                    context.error(
                            "Failed to create SAN matcher for OTHER_NAME with OID: "
                                    + message.getOid());
                    yield null;
                }
                yield new SanMatcher(SanMatcher.SanType.OTHER_NAME, message.getOid(), matcher);
            }
            case SAN_TYPE_UNSPECIFIED, UNRECOGNIZED -> {
                context.at("san_type").error("san_type must be set");
                yield null;
            }
        };
    }
}
