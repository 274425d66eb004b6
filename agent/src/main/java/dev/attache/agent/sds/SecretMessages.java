package dev.attache.agent.sds;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Secrets as Envoy's messages, their content inline.
 *
 * @param revoked the file with revocation lists; named where it is there; null for never
 */
record SecretMessages(@Nullable Path revoked) {

    static Secret certificate(String name, String chain, String key) {
        return Secret.newBuilder()
                .setName(name)
                .setTlsCertificate(
                        TlsCertificate.newBuilder()
                                .setCertificateChain(inline(chain))
                                .setPrivateKey(inline(key)))
                .build();
    }

    Secret roots(String name, String roots) {
        CertificateValidationContext.Builder context =
                CertificateValidationContext.newBuilder().setTrustedCa(inline(roots));
        if (revoked != null && Files.exists(revoked)) {
            context.setCrl(DataSource.newBuilder().setFilename(revoked.toString()));
        }
        return Secret.newBuilder().setName(name).setValidationContext(context).build();
    }

    private static DataSource inline(String text) {
        return DataSource.newBuilder().setInlineBytes(ByteString.copyFromUtf8(text)).build();
    }
}
