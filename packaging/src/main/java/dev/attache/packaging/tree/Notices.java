package dev.attache.packaging.tree;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;

/** Gathers the licences and notices of what is shipped. Stateless. */
final class Notices {
    private static final Pattern NOTICE =
            Pattern.compile(
                    "(META-INF/)?(LICENSE|LICENCE|NOTICE|COPYING)[^/]*|META-INF/license/.*");

    private Notices() {}

    /**
     * Puts those inside the jars into a folder for each, and copies what is in a folder of ours,
     * which holds those of libraries whose jars have none.
     */
    static void collect(Path own, List<Path> jars, Path documents) throws IOException {
        Files.createDirectories(documents);
        try (var files = Files.list(own)) {
            for (Path file : files.toList()) {
                Files.copy(file, documents.resolve(file.getFileName()));
            }
        }
        for (Path jar : jars) {
            collect(jar, documents.resolve("licenses").resolve(name(jar)));
        }
    }

    private static String name(Path jar) {
        return jar.getFileName().toString().replaceAll("\\.jar$", "");
    }

    private static void collect(Path file, Path folder) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (!entry.isDirectory() && isNotice(entry.getName())) {
                    Files.createDirectories(folder);
                    String name = entry.getName();
                    try (InputStream in = jar.getInputStream(entry)) {
                        Files.write(
                                folder.resolve(name.substring(name.lastIndexOf('/') + 1)),
                                in.readAllBytes());
                    }
                }
            }
        }
    }

    private static boolean isNotice(String name) {
        return NOTICE.matcher(name).matches() && !name.toLowerCase(Locale.ROOT).endsWith(".class");
    }
}
