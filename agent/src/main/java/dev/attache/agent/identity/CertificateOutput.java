package dev.attache.agent.identity;

import dev.attache.agent.pem.Certificates;
import dev.attache.agent.pem.KeyMatch;
import dev.attache.agent.pem.PrivateKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes key, chain and roots for other processes ({@code OUTPUT_CERTS}). Each file is there whole,
 * as it was or as it is to be: all are written beside their places, then moved there, the key
 * first; one that is as it should be is not touched. Where an agent was killed between two moves,
 * the chain that fits the key lies beside and {@link #mend} finds it: a machine has nothing else to
 * show once its token is over. Not for several threads at once.
 *
 * @param directory where
 * @param shared whether others than the owner may read them, as in a pod
 */
public record CertificateOutput(Path directory, boolean shared) {

    private static final Logger LOG = LoggerFactory.getLogger("agent.cache");
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
        mend();
        Map<String, Path> drafts = new LinkedHashMap<>();
        draft(drafts, KEY, identity.key());
        draft(drafts, CHAIN, identity.chainText());
        if (!roots.isEmpty()) {
            draft(drafts, ROOTS, Certificates.join(roots));
        }
        for (Map.Entry<String, Path> draft : drafts.entrySet()) {
            put(draft.getValue(), draft.getKey());
        }
    }

    /**
     * Completes what was begun and not ended: where the chain is not that of the key, and one
     * beside it is, that one is put in its place. Removes what is left besides.
     *
     * @throws IOException if a file could not be read, moved or removed
     */
    public void mend() throws IOException {
        List<Path> left = left();
        if (left.isEmpty()) {
            return;
        }
        String key = text(directory.resolve(KEY));
        Path chain = directory.resolve(CHAIN);
        if (!fit(key, text(chain))) {
            for (Path file : left) {
                if (name(file).startsWith(CHAIN) && fit(key, text(file))) {
                    LOG.info("the chain that belongs to {} is put in its place", chain);
                    put(file, CHAIN);
                    break;
                }
            }
        }
        for (Path file : left) {
            Files.deleteIfExists(file);
        }
    }

    private List<Path> left() throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "*.pem.tmp.*")) {
                left.forEach(found::add);
            }
        }
        return found;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static boolean fit(String key, String chain) {
        try {
            return KeyMatch.of(
                    PrivateKeys.read(key), Certificates.readAll(chain).getFirst().getPublicKey());
        } catch (IOException | CertificateException | RuntimeException e) {
            LOG.debug("no key and chain", e);
            return false;
        }
    }

    private static String text(Path file) throws IOException {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    /** Writes a file beside its place, down to the disk, if it is to change. */
    private void draft(Map<String, Path> drafts, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (same(directory.resolve(name), bytes)) {
            return;
        }
        Set<PosixFilePermission> mode =
                PosixFilePermissions.fromString(shared ? "rw-r--r--" : "rw-------");
        FileAttribute<?> owners =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path fresh = Files.createTempFile(directory, name + ".tmp.", "", owners);
        drafts.put(name, fresh);
        try (FileChannel file = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                file.write(left);
            }
            file.force(true);
        }
        Files.setPosixFilePermissions(fresh, mode);
    }

    private void put(Path draft, String name) throws IOException {
        Files.move(
                draft,
                directory.resolve(name),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean same(Path file, byte[] bytes) throws IOException {
        try {
            return Arrays.equals(Files.readAllBytes(file), bytes);
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
