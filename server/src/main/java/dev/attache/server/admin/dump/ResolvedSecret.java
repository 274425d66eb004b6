package dev.attache.server.admin.dump;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.api.Packed;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A secret of SDS as {@code /config_dump} shows it: files that it names stand there as the bytes
 * that were read, as in Envoy (the key's are redacted afterwards).
 */
final class ResolvedSecret {

    private static final Logger LOG = LoggerFactory.getLogger("admin");

    private ResolvedSecret() {}

    static Any of(Any body) {
        try {
            Secret.Builder secret = Secret.parseFrom(body.getValue()).toBuilder();
            if (secret.hasTlsCertificate()) {
                resolve(secret.getTlsCertificateBuilder().getCertificateChainBuilder());
                resolve(secret.getTlsCertificateBuilder().getPrivateKeyBuilder());
            } else if (secret.hasValidationContext()) {
                resolve(secret.getValidationContextBuilder().getTrustedCaBuilder());
            }
            return Packed.of(secret.build());
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("unreadable secret in /config_dump: {}", e.getMessage());
            return body;
        }
    }

    private static void resolve(DataSource.Builder source) {
        if (!source.hasFilename()) {
            return;
        }
        try {
            byte[] bytes = Files.readAllBytes(Path.of(source.getFilename()));
            source.setInlineBytes(ByteString.copyFrom(bytes));
        } catch (IOException e) {
            LOG.warn("file of a secret in /config_dump: {}", e.toString());
        }
    }
}
