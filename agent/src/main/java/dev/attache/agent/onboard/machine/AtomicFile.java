package dev.attache.agent.onboard.machine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that are there whole or not at all, with their mode from the start. Stateless. */
final class AtomicFile {

    private AtomicFile() {}

    /** Writes beside the file, then puts it in its place; on failure nothing is left. */
    static void write(Path file, byte[] content, String mode) throws IOException {
        write(file, content, mode, null);
    }

    /**
     * As above.
     *
     * @param owner null to leave the file to whoever runs this
     */
    static void write(
            Path file,
            byte[] content,
            String mode,
            @org.jspecify.annotations.Nullable Account owner)
            throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Path draft =
                Files.createTempFile(
                        directory == null ? Path.of("/") : directory,
                        "." + file.getFileName(),
                        ".new");
        try {
            try (FileChannel channel =
                    FileChannel.open(draft, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                java.nio.ByteBuffer left = java.nio.ByteBuffer.wrap(content);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
                channel.force(true);
            }
            allow(draft, mode);
            if (owner != null) {
                own(draft, owner);
            }
            move(draft, file);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    static void own(Path path, Account owner) throws IOException {
        Files.setAttribute(path, "unix:uid", owner.user(), LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(path, "unix:gid", owner.group(), LinkOption.NOFOLLOW_LINKS);
    }

    /** Sets a mode; a link that another put there in between is not followed. */
    static void allow(Path path, String mode) throws IOException {
        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setPermissions(PosixFilePermissions.fromString(mode));
    }

    /** A file that is mounted by itself, as containers do with /etc/hosts, cannot be replaced. */
    private static void move(Path draft, Path file) throws IOException {
        try {
            Files.move(
                    draft,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(file + " cannot be replaced: " + e.getReason(), e);
        } catch (java.nio.file.FileSystemException e) {
            if (String.valueOf(e.getReason()).contains("busy")) {
                Files.write(file, Files.readAllBytes(draft));
                return;
            }
            throw e;
        }
    }
}
