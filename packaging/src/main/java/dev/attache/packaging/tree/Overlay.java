package dev.attache.packaging.tree;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * What stands around {@code /usr/lib/attache}: units, first configuration, completion, manual.
 *
 * @param sources {@code packaging/src/main}: {@code root} has files where they are installed,
 *     {@code man} pages, {@code doc} licences and the changes
 * @param version as packages order it
 * @param maintainer name and address, as packages have them
 */
record Overlay(Path sources, Path tree, String version, String maintainer, Instant time) {
    private static final String LAUNCHER = "/usr/lib/attache/attache";

    /**
     * Puts it into the tree.
     *
     * @param unit the agent's unit as onboarding writes it, with places for user and program
     */
    void apply(Path unit) throws IOException {
        Path root = sources.resolve("root");
        for (Path file : files(root)) {
            Path target = tree.resolve(root.relativize(file).toString());
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
        String text = Files.readString(unit);
        Files.writeString(
                tree.resolve("usr/lib/systemd/system").resolve(unit.getFileName()),
                text.replace("@USER@", "istio-proxy").replace("@LAUNCHER@", LAUNCHER));
        for (Path page : files(sources.resolve("man"))) {
            String name = page.getFileName().toString();
            String section = name.substring(name.length() - 1);
            compressed(
                    tree.resolve("usr/share/man/man" + section).resolve(name + ".gz"),
                    Files.readString(page));
        }
        Files.createDirectories(tree.resolve("var/log/attache"));
        changes();
    }

    /** In Debian's form, of which the first entry is this version's. */
    private void changes() throws IOException {
        String date =
                DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
                        .format(time.atOffset(ZoneOffset.UTC));
        String text = Files.readString(sources.resolve("doc/changelog"));
        Path documents = tree.resolve("usr/share/doc/attache");
        Files.deleteIfExists(documents.resolve("changelog"));
        compressed(
                documents.resolve("changelog.gz"),
                text.replace("@VERSION@", version)
                        .replace("@MAINTAINER@", maintainer)
                        .replace("@DATE@", date));
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void compressed(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new Best(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        byte[] all = bytes.toByteArray();
        // That it is compressed as far as gzip goes, on Unix: RFC 1952, 2.3.1. Java writes neither.
        all[8] = 2;
        all[9] = 3;
        Files.write(file, all);
    }

    /** As {@code gzip -9n}. */
    private static final class Best extends GZIPOutputStream {
        Best(OutputStream out) throws IOException {
            super(out);
            def.setLevel(9);
        }
    }
}
