package dev.attache.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A jar of a user: its classes from sources in the test, compiled against the test's class path.
 */
public final class UserJar {
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Map<String, byte[]> resources = new LinkedHashMap<>();
    private final Set<String> left = new HashSet<>();

    /**
     * @param className full name of the public class that the source declares
     */
    public UserJar source(String className, String source) {
        sources.put(className, source);
        return this;
    }

    /** Names classes in the service file of an interface. */
    public UserJar service(Class<?> type, String... classNames) {
        return resource("META-INF/services/" + type.getName(), String.join("\n", classNames));
    }

    public UserJar resource(String name, String text) {
        resources.put(name, text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Leaves out what would be in it: a class that was there when it was compiled. */
    public UserJar without(String name) {
        left.add(name);
        return this;
    }

    /** The bytes of the jar. */
    public byte[] bytes() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>(resources);
        if (!sources.isEmpty()) {
            entries.putAll(compile());
        }
        entries.keySet().removeAll(left);
        ByteArrayOutputStream jar = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(jar)) {
            boolean stored = true;
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                // Both ways that jars hold their entries.
                out.putNextEntry(entry(entry.getKey(), entry.getValue(), stored));
                out.write(entry.getValue());
                out.closeEntry();
                stored = !stored;
            }
        }
        return jar.toByteArray();
    }

    /** Writes the jar, or moves it over the one that is there. */
    public Path write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Path beside = file.resolveSibling("." + file.getFileName() + ".new");
        Files.write(beside, bytes());
        return Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static ZipEntry entry(String name, byte[] content, boolean stored) {
        ZipEntry entry = new ZipEntry(name);
        if (stored) {
            CRC32 crc = new CRC32();
            crc.update(content);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(content.length);
            entry.setCrc(crc.getValue());
        }
        return entry;
    }

    private Map<String, byte[]> compile() throws IOException {
        Path directory = Files.createTempDirectory("user-jar");
        try {
            List<String> files = new ArrayList<>();
            for (Map.Entry<String, String> source : sources.entrySet()) {
                Path file = directory.resolve("src/" + source.getKey().replace('.', '/') + ".java");
                Files.createDirectories(file.getParent());
                files.add(Files.writeString(file, source.getValue()).toString());
            }
            Path classes = Files.createDirectories(directory.resolve("classes"));
            run(classes, files);
            return read(classes);
        } finally {
            delete(directory);
        }
    }

    private static void run(Path classes, List<String> files) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        List<String> options =
                List.of(
                        "-proc:none",
                        "-d",
                        classes.toString(),
                        "-cp",
                        System.getProperty("java.class.path"));
        try (var manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            var units = manager.getJavaFileObjectsFromStrings(files);
            if (!compiler.getTask(said, manager, null, options, null, units).call()) {
                throw new IllegalArgumentException(said.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, byte[]> read(Path classes) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                entries.put(classes.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return entries;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }
}
