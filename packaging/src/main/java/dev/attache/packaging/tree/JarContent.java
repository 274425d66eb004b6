package dev.attache.packaging.tree;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * A jar in memory, without what {@link LeftOut} says.
 *
 * @param path where it lies below the launcher's folder
 * @param entries bytes by name, sorted
 */
record JarContent(Path path, Map<String, byte[]> entries) {
    private static final String CLASS = ".class";
    private static final List<String> WHOLE =
            List.of("netty-", "protobuf-java-4", "slf4j-", "jspecify-", "jline-");

    static JarContent read(Path file, Path path, Platform platform) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        try (JarFile jar = new JarFile(file.toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (!entry.isDirectory() && !LeftOut.entry(entry.getName(), platform)) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        entries.put(entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
        byte[] manifest = entries.get(JarFile.MANIFEST_NAME);
        if (manifest != null) {
            entries.put(JarFile.MANIFEST_NAME, mainSection(manifest));
        }
        return new JarContent(path, entries);
    }

    /** Without what signatures say of each entry. */
    private static byte[] mainSection(byte[] manifest) {
        String text = new String(manifest, StandardCharsets.UTF_8).replace("\r\n", "\n");
        int end = text.indexOf("\n\n");
        return (end < 0 ? text : text.substring(0, end + 2)).getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the code is ours: all of it is kept. */
    boolean isOwn() {
        String name = path.getFileName().toString();
        return name.startsWith("attache-") && !name.startsWith("attache-envoy-api-");
    }

    /**
     * Whether all of it is kept: filters of authors may use every class (docs/filter-guide.md), or
     * it finds its classes by files of its own.
     */
    boolean isWhole() {
        String name = path.getFileName().toString();
        return WHOLE.stream().anyMatch(name::startsWith);
    }

    /**
     * The name of the class that an entry is, as the constant pool has it; nothing for other
     * entries.
     */
    static String className(String entry) {
        if (!entry.endsWith(CLASS)) {
            return "";
        }
        String name = entry.substring(0, entry.length() - CLASS.length());
        if (name.startsWith("META-INF/versions/")) {
            return name.substring(name.indexOf('/', "META-INF/versions/".length()) + 1);
        }
        return name;
    }

    /**
     * The entries to keep where these classes are reached; none if it is of no use without classes.
     */
    Map<String, byte[]> kept(Set<String> reached) {
        Map<String, byte[]> kept = new TreeMap<>(entries);
        if (!isOwn() && !isWhole()) {
            kept.keySet()
                    .removeIf(name ->
                            !className(name).isEmpty() && !reached.contains(className(name)));
        }
        boolean isEmpty = kept.keySet().stream().allMatch(name -> name.startsWith("META-INF/"));
        return isEmpty ? Map.of() : kept;
    }
}
