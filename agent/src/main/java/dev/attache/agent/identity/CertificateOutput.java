package dev.attache.agent.identity;

import dev.attache.agent.pem.Certificates;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Writes key, chain and roots for other processes ({@code OUTPUT_CERTS}). Each file is there whole,
 * as it was or as it is to be: it is written beside its place and moved there; one that is as it
 * should be is not touched. Not for several threads at once.
 *
 * @param directory where
 * @param shared whether others than the owner may read them, as in a pod
 */
public record CertificateOutput(Path directory, boolean shared) {

    private static final String KEY = "key.pem";
    private static final String CHAIN = "cert-chain.pem";
    private static final String ROOTS = "root-cert.pem";

    /**
     * Writes what differs.
     *
     * @param roots PEM, one certificate each; where empty, that file is left alone
     * @throws IOException if a file could not be written; those that were there are as before
     */
    public void write(Identity identity, List<String> roots) throws IOException {
        Files.createDirectories(directory);
        write(KEY, identity.key());
        write(CHAIN, identity.chainText());
        if (!roots.isEmpty()) {
            write(ROOTS, Certificates.join(roots));
        }
    }

    private void write(String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        Path file = directory.resolve(name);
        if (same(file, bytes)) {
            return;
        }
        sweep(name);
        Set<PosixFilePermission> mode =
                PosixFilePermissions.fromString(shared ? "rw-r--r--" : "rw-------");
        FileAttribute<?> owners =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path fresh = Files.createTempFile(directory, name + ".tmp.", "", owners);
        try {
            Files.write(fresh, bytes);
            Files.setPosixFilePermissions(fresh, mode);
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** What an agent that was killed while it wrote has left. */
    private void sweep(String name) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, name + ".tmp.*")) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static boolean same(Path file, byte[] bytes) throws IOException {
        try {
            return Arrays.equals(Files.readAllBytes(file), bytes);
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
