package dev.attache.packaging.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** What is done to all files below a directory. Stateless. */
final class FileTrees {
    private FileTrees() {}

    static void delete(Path root) throws IOException {
        if (Files.exists(root)) {
            for (Path path : walk(root).reversed()) {
                Files.delete(path);
            }
        }
    }

    /** Dates everything. */
    static void date(Path root, Instant time) throws IOException {
        FileTime date = FileTime.from(time);
        for (Path path : walk(root).reversed()) {
            Files.getFileAttributeView(
                            path, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setTimes(date, null, null);
        }
    }

    /** SHA-256 of all files with their names, as hexadecimal digits. */
    static String digest(Path root) throws IOException {
        MessageDigest digest = sha256();
        for (Path path : walk(root)) {
            if (Files.isRegularFile(path)) {
                String name = root.relativize(path).toString();
                digest.update(
                        (name + "\0" + Files.size(path) + "\0").getBytes(StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(path));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static List<Path> walk(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.sorted(Comparator.naturalOrder()).toList();
        }
    }
}
