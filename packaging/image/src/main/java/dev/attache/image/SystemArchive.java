package dev.attache.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * A directory as an image of one layer, in the form that {@code docker save} has: what jib takes as
 * a base image. jib's own layers know no symbolic links, of which a system is full. Names are
 * sorted, everything belongs to root and is from 1970, so that equal directories become equal
 * archives.
 */
final class SystemArchive {
    private static final int STICKY = 01000;

    private SystemArchive() {}

    /**
     * Writes it.
     *
     * @param root the directory; links in it are kept as they are
     * @param archive is replaced
     * @throws IOException when a file cannot be read or written
     */
    static void write(Path root, Path archive) throws IOException {
        Path layer = archive.resolveSibling("system-layer.tar");
        String digest = layer(root, layer);
        String config =
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},"
                        + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:"
                        + digest
                        + "\"]},\"history\":[{\"created_by\":\"Debian packages\"}]}";
        String manifest = "[{\"Config\":\"config.json\",\"Layers\":[\"layer.tar\"]}]";
        try (TarArchiveOutputStream tar = tar(Files.newOutputStream(archive))) {
            text(tar, "config.json", config);
            text(tar, "manifest.json", manifest);
            TarArchiveEntry entry = new TarArchiveEntry("layer.tar");
            entry.setSize(Files.size(layer));
            put(tar, entry, layer);
        }
        Files.delete(layer);
    }

    /** Writes the layer; its digest. */
    private static String layer(Path root, Path layer) throws IOException {
        DigestOutputStream digested =
                new DigestOutputStream(Files.newOutputStream(layer), sha256());
        try (Stream<Path> walk = Files.walk(root);
                TarArchiveOutputStream tar = tar(digested)) {
            List<Path> sorted =
                    walk.filter(each -> !each.equals(root))
                            .sorted((a, b) -> a.toString().compareTo(b.toString()))
                            .toList();
            for (Path each : sorted) {
                entry(tar, root.relativize(each).toString(), each);
            }
        }
        return HexFormat.of().formatHex(digested.getMessageDigest().digest());
    }

    private static void entry(TarArchiveOutputStream tar, String name, Path file)
            throws IOException {
        if (Files.isSymbolicLink(file)) {
            TarArchiveEntry link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
            link.setLinkName(Files.readSymbolicLink(file).toString());
            put(tar, link, null);
        } else if (Files.isDirectory(file)) {
            TarArchiveEntry directory = new TarArchiveEntry(name + "/");
            directory.setMode(mode(file));
            put(tar, directory, null);
        } else {
            TarArchiveEntry plain = new TarArchiveEntry(name);
            plain.setMode(mode(file));
            plain.setSize(Files.size(file));
            put(tar, plain, file);
        }
    }

    /**
     * Permissions: of others' those of the owner, but for writing, as an unpacker's umask may
     * differ.
     */
    private static int mode(Path file) throws IOException {
        Set<PosixFilePermission> given =
                Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        if (Files.isDirectory(file)) {
            return given.contains(PosixFilePermission.OTHERS_WRITE) ? STICKY | 0777 : 0755;
        }
        return given.contains(PosixFilePermission.OWNER_EXECUTE) ? 0755 : 0644;
    }

    private static void text(TarArchiveOutputStream tar, String name, String text)
            throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(bytes.length);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    /** Adds an entry of root's and of 1970, with the content of a file where there is one. */
    private static void put(
            TarArchiveOutputStream tar, TarArchiveEntry entry, @Nullable Path content)
            throws IOException {
        entry.setModTime(0);
        entry.setIds(0, 0);
        entry.setNames("", "");
        tar.putArchiveEntry(entry);
        if (content != null) {
            Files.copy(content, tar);
        }
        tar.closeArchiveEntry();
    }

    private static TarArchiveOutputStream tar(OutputStream out) {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        return tar;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
