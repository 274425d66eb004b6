package dev.attache.agent.control;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token, read from its file at each call, so that one that was renewed counts at once. Without
 * the file the call goes without a token: a certificate may do. Any thread.
 */
final class TokenCredentials extends CallCredentials {

    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Path file;

    TokenCredentials(Path file) {
        this.file = file;
    }

    @Override
    public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
        executor.execute(() -> applier.apply(headers()));
    }

    private Metadata headers() {
        Metadata headers = new Metadata();
        try {
            String token = Files.readString(file).strip();
            if (!token.isEmpty()) {
                headers.put(AUTHORIZATION, "Bearer " + token);
            }
        } catch (IOException e) {
            LOG.warn("failed to fetch token from file: {}", e.toString());
        }
        return headers;
    }
}
