package dev.attache.server.admin;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.attache.config.load.TypeRegistry;
import dev.attache.server.AttacheServer;
import dev.attache.server.plane.StoredResource;
import dev.attache.server.plane.StoredVersion;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /certs}: every certificate in use, with names and how long it is still good. Found in the
 * stored resources, so that what is shown is what was configured. Main loop only.
 */
final class CertificatesDump {

    private static final Logger LOG = LoggerFactory.getLogger("admin");
    private static final int TYPE_DNS = 2;
    private static final int TYPE_URI = 6;
    private static final int TYPE_IP = 7;

    private final TypeRegistry types;

    /** Certificate chain and CA of one context, by where they were found. */
    private final Map<Message, Certificate> found = new LinkedHashMap<>();

    private CertificatesDump(TypeRegistry types) {
        this.types = types;
    }

    static Certificates of(AttacheServer server, TypeRegistry types) {
        CertificatesDump dump = new CertificatesDump(types);
        List<StoredResource> resources = new ArrayList<>();
        resources.addAll(server.plane().clusters().stored());
        resources.addAll(server.plane().listeners().stored());
        resources.addAll(server.plane().secrets().stored());
        for (StoredResource resource : resources) {
            StoredVersion active = resource.active();
            if (active != null) {
                dump.walk(active.body());
            }
        }
        server.plane().secrets().statics().forEach(dump::walk);
        return Certificates.newBuilder().addAllCertificates(dump.found.values()).build();
    }

    private void walk(Message message) {
        if (message.getDescriptorForType().getFullName().equals("google.protobuf.Any")) {
            unpacked(message).ifPresent(this::walk);
            return;
        }
        if (message instanceof CommonTlsContext context) {
            note(context, context.getTlsCertificatesList(), ca(context));
        } else if (message instanceof Secret secret && secret.hasTlsCertificate()) {
            note(secret, List.of(secret.getTlsCertificate()), DataSource.getDefaultInstance());
        } else if (message instanceof Secret secret && secret.hasValidationContext()) {
            note(secret, List.of(), secret.getValidationContext().getTrustedCa());
        }
        message.getAllFields()
                .forEach((field, value) -> {
                    if (value instanceof Message inner) {
                        walk(inner);
                    } else if (value instanceof List<?> list) {
                        for (Object item : list) {
                            if (item instanceof Message inner) {
                                walk(inner);
                            }
                        }
                    }
                });
    }

    private static DataSource ca(CommonTlsContext context) {
        return context.hasCombinedValidationContext()
                ? context.getCombinedValidationContext()
                        .getDefaultValidationContext()
                        .getTrustedCa()
                : context.getValidationContext().getTrustedCa();
    }

    private Optional<Message> unpacked(Message message) {
        try {
            Any any = Any.parseFrom(message.toByteString());
            Optional<Message> prototype = types.find(any.getTypeUrl());
            return prototype.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            prototype.get().newBuilderForType().mergeFrom(any.getValue()).build());
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            LOG.warn("unreadable resource in /certs: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private void note(Message where, List<TlsCertificate> certificates, DataSource trusted) {
        Certificate.Builder entry = Certificate.newBuilder();
        leaf(trusted).ifPresent(entry::addCaCert);
        for (TlsCertificate certificate : certificates) {
            leaf(certificate.getCertificateChain()).ifPresent(entry::addCertChain);
        }
        if (entry.getCaCertCount() + entry.getCertChainCount() > 0) {
            found.put(where, entry.build());
        }
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
