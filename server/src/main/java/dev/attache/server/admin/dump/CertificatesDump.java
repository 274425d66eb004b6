package dev.attache.server.admin.dump;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import dev.attache.api.ApiTable;
import dev.attache.api.MessageType;
import dev.attache.server.admin.message.KnownTypes;
import dev.attache.server.admin.message.MessageSearch;
import dev.attache.server.admin.message.Part;
import dev.attache.server.admin.message.wire.MessageBytes;
import dev.attache.server.plane.version.StoredResource;
import io.envoyproxy.envoy.admin.v3.Certificate;
import io.envoyproxy.envoy.admin.v3.CertificateDetails;
import io.envoyproxy.envoy.admin.v3.Certificates;
import io.envoyproxy.envoy.admin.v3.SubjectAlternateName;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /certs}: every certificate in use, with names and how long it is still good. Found in the
 * stored resources, so that what is shown is what was configured; resource by resource. Pure.
 */
public final class CertificatesDump {

    private static final Logger LOG = LoggerFactory.getLogger("admin");
    private static final String CONTEXT =
            "envoy.extensions.transport_sockets.tls.v3.CommonTlsContext";
    private static final String SECRET = "envoy.extensions.transport_sockets.tls.v3.Secret";
    private static final int TYPE_DNS = 2;
    private static final int TYPE_URI = 6;
    private static final int TYPE_IP = 7;

    private CertificatesDump() {}

    public static Part of(ConfigSnapshot config, KnownTypes types) {
        Stream<MessageBytes> resources =
                Stream.of(config.clusters(), config.listeners(), config.secrets())
                        .flatMap(List::stream)
                        .map(StoredResource::active)
                        .filter(Objects::nonNull)
                        .map(active -> MessageBytes.of(active.body()));
        MessageType type = ApiTable.of(Certificates.class);
        return new Part.Growing(
                MessageBytes.of(type, new byte[0]),
                null,
                List.of(
                        new Part.Elements(
                                Objects.requireNonNull(type.field("certificates")),
                                Stream.concat(
                                                resources,
                                                config.staticSecrets().stream()
                                                        .map(secret -> MessageBytes.of(secret)))
                                        .map(resource -> within(resource, types))
                                        .iterator())));
    }

    /** Those of one resource, wherever they stand in it. */
    private static List<Part> within(MessageBytes resource, KnownTypes types) {
        List<Part> found = new ArrayList<>();
        MessageSearch.in(
                resource,
                types,
                message ->
                        certificate(message)
                                .ifPresent(entry -> found.add(Part.of(MessageBytes.of(entry)))));
        return found;
    }

    /** Nothing for what needs no entry. */
    private static Optional<Certificate> certificate(MessageBytes message) {
        try {
            return switch (message.type().fullName()) {
                case CONTEXT -> {
                    CommonTlsContext context = CommonTlsContext.parseFrom(message.octets());
                    Certificate own = certificate(context.getTlsCertificatesList(), ca(context));
                    yield isEmpty(own) && namesSecrets(context)
                            ? Optional.empty()
                            : Optional.of(own);
                }
                case SECRET ->
                        Optional.of(certificate(Secret.parseFrom(message.octets())))
                                .filter(own -> !isEmpty(own));
                default -> Optional.empty();
            };
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("unreadable resource in /certs: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static boolean isEmpty(Certificate certificate) {
        return certificate.getCaCertCount() + certificate.getCertChainCount() == 0;
    }

    /** Whether what it uses are secrets, which are listed themselves. */
    private static boolean namesSecrets(CommonTlsContext context) {
        return context.getTlsCertificateSdsSecretConfigsCount() > 0
                || context.hasValidationContextSdsSecretConfig()
                || context.getCombinedValidationContext().hasValidationContextSdsSecretConfig();
    }

    private static Certificate certificate(Secret secret) {
        return switch (secret.getTypeCase()) {
            case TLS_CERTIFICATE ->
                    certificate(
                            List.of(secret.getTlsCertificate()), DataSource.getDefaultInstance());
            case VALIDATION_CONTEXT ->
                    certificate(List.of(), secret.getValidationContext().getTrustedCa());
            default -> Certificate.getDefaultInstance();
        };
    }

    private static DataSource ca(CommonTlsContext context) {
        return context.hasCombinedValidationContext()
                ? context.getCombinedValidationContext()
                        .getDefaultValidationContext()
                        .getTrustedCa()
                : context.getValidationContext().getTrustedCa();
    }

    private static Certificate certificate(List<TlsCertificate> certificates, DataSource trusted) {
        Certificate.Builder entry = Certificate.newBuilder();
        leaf(trusted).ifPresent(entry::addCaCert);
        for (TlsCertificate certificate : certificates) {
            leaf(certificate.getCertificateChain()).ifPresent(entry::addCertChain);
        }
        return entry.build();
    }

    private static Optional<CertificateDetails> leaf(DataSource source) {
        try {
            byte[] pem =
                    switch (source.getSpecifierCase()) {
                        case FILENAME -> Files.readAllBytes(Path.of(source.getFilename()));
                        case INLINE_BYTES -> source.getInlineBytes().toByteArray();
                        case INLINE_STRING -> source.getInlineStringBytes().toByteArray();
                        case ENVIRONMENT_VARIABLE -> {
                            String value = System.getenv(source.getEnvironmentVariable());
                            yield value == null
                                    ? new byte[0]
                                    : value.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                        }
                        case SPECIFIER_NOT_SET -> new byte[0];
                    };
            if (pem.length == 0) {
                return Optional.empty();
            }
            X509Certificate certificate =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(pem));
            return Optional.of(details(certificate, source));
        } catch (IOException | CertificateException e) {
            LOG.warn("a certificate cannot be shown in /certs: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private static CertificateDetails details(X509Certificate certificate, DataSource source)
            throws CertificateException {
        Instant until = certificate.getNotAfter().toInstant();
        CertificateDetails.Builder details =
                CertificateDetails.newBuilder()
                        .setPath(source.hasFilename() ? source.getFilename() : "<inline>")
                        .setSerialNumber(certificate.getSerialNumber().toString(16))
                        .setDaysUntilExpiration(
                                Math.max(0, Duration.between(Instant.now(), until).toDays()))
                        .setValidFrom(seconds(certificate.getNotBefore().toInstant()))
                        .setExpirationTime(seconds(until));
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        for (List<?> name : names == null ? List.<List<?>>of() : names) {
            SubjectAlternateName.Builder san = SubjectAlternateName.newBuilder();
            String text = String.valueOf(name.get(1));
            switch ((Integer) name.get(0)) {
                case TYPE_DNS -> details.addSubjectAltNames(san.setDns(text));
                case TYPE_URI -> details.addSubjectAltNames(san.setUri(text));
                case TYPE_IP -> details.addSubjectAltNames(san.setIpAddress(text));
                default -> {
                    // Envoy lists no other kind either.
                }
            }
        }
        return details.build();
    }

    private static Timestamp seconds(Instant instant) {
        return Timestamp.newBuilder().setSeconds(instant.getEpochSecond()).build();
    }
}
