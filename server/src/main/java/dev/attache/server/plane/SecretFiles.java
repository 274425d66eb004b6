package dev.attache.server.plane;

import dev.attache.xds.file.FileWatcher;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that a delivered secret names. They are watched for moves, which is how they are to be
 * replaced: in the {@code watched_directory}, or else in the directory of each file. Main loop
 * only.
 */
final class SecretFiles {

    private final List<Path> files = new ArrayList<>();
    private final Set<Path> directories = new LinkedHashSet<>();
    private final List<FileWatcher.Registration> watches = new ArrayList<>();

    SecretFiles(Secret secret) {
        switch (secret.getTypeCase()) {
            case TLS_CERTIFICATE -> certificate(secret.getTlsCertificate());
            case VALIDATION_CONTEXT -> validation(secret.getValidationContext());
            case SESSION_TICKET_KEYS, GENERIC_SECRET, TYPE_NOT_SET -> {}
        }
    }

    private void certificate(TlsCertificate certificate) {
        add(certificate.getCertificateChain());
        add(certificate.getPrivateKey());
        add(certificate.getPkcs12());
        add(certificate.getPassword());
        add(certificate.getOcspStaple());
        directories(certificate.hasWatchedDirectory(), certificate.getWatchedDirectory().getPath());
    }

    private void validation(CertificateValidationContext validation) {
        add(validation.getTrustedCa());
        add(validation.getCrl());
        directories(validation.hasWatchedDirectory(), validation.getWatchedDirectory().getPath());
    }

    private void add(DataSource source) {
        if (source.hasFilename()) {
            files.add(Path.of(source.getFilename()).toAbsolutePath());
        }
    }

    private void directories(boolean named, String directory) {
        if (named) {
            directories.add(Path.of(directory));
            return;
        }
        for (Path file : files) {
            Path parent = file.getParent();
            if (parent != null) {
                directories.add(parent);
            }
        }
    }

    /**
     * @throws IOException if a directory cannot be watched
     */
    void watch(FileWatcher watcher, Runnable action) throws IOException {
        for (Path directory : directories) {
            watches.add(watcher.onAnyMoveInto(directory, action));
        }
    }

    void cancel() {
        watches.forEach(FileWatcher.Registration::cancel);
        watches.clear();
    }

    /** What is in the files now, as a digest; null while one of them cannot be read. */
    @Nullable ByteBuffer content() {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        for (Path file : files) {
            byte[] bytes;
            try {
                bytes = Files.readAllBytes(file);
            } catch (IOException e) {
                return null; // who compiles it says which and why
            }
            digest.update((file + ":" + bytes.length + ":").getBytes(StandardCharsets.UTF_8));
            digest.update(bytes);
        }
        return ByteBuffer.wrap(digest.digest());
    }
}
