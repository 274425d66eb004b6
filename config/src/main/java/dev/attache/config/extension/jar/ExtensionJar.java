package dev.attache.config.extension.jar;

import dev.attache.config.extension.ExtensionEntry;
import dev.attache.proxy.worker.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One user's jar, or directory of jars, as it was loaded once: its class loader and what its
 * service files name. Immutable once {@link #load} has returned; any thread.
 */
public final class ExtensionJar {

    /**
     * One class that a service file names, and the extensions that an instance of it is.
     *
     * @param type the class's name
     */
    public record Factory(String type, List<? extends ExtensionEntry> entries) {

        /** For the log; a filter and its settings of routes have one name. */
        String text() {
            Set<String> keys = new LinkedHashSet<>();
            entries.forEach(entry -> keys.add(entry.key().toString()));
            return String.join(", ", keys) + " by " + type;
        }
    }

    private final Path path;
    private final String sha256;
    private final long generation;
    private final Instant loaded = Instant.now();
    private final List<Factory> factories = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private final ClassLoader loader;

    private ExtensionJar(Path path, String sha256, long generation, ClassLoader loader) {
        this.path = path;
        this.sha256 = sha256;
        this.generation = generation;
        this.loader = loader;
    }

    /**
     * Reads the files and makes an instance of each class that they name: from then on they may be
     * overwritten. A class that cannot be had is one of {@link #refused}.
     *
     * @param generation tells this loading from all others of the process
     * @throws IOException if a file cannot be read, or is no whole jar
     */
    static ExtensionJar load(
            ExtensionDirectory.Place place,
            List<? extends ServiceKind<?>> kinds,
            ClassLoader engine,
            long generation)
            throws IOException {
        MessageDigest digest = newDigest();
        List<JarClassLoader.Part> parts = new ArrayList<>();
        for (Path file : place.files()) {
            byte[] bytes = Files.readAllBytes(file);
            digest.update(bytes);
            try {
                parts.add(new JarClassLoader.Part(file, new JarContent(bytes)));
            } catch (IOException e) {
                throw new IOException(file.getFileName() + " " + e.getMessage(), e);
            }
        }
        String name = place.path().getFileName() + "#" + generation;
        JarClassLoader loader = new JarClassLoader(name, parts, engine);
        ExtensionJar jar =
                new ExtensionJar(
                        place.path(),
                        HexFormat.of().formatHex(digest.digest()),
                        generation,
                        loader);
        for (ServiceKind<?> kind : kinds) {
            jar.add(kind, parts);
        }
        return jar;
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private void add(ServiceKind<?> kind, List<JarClassLoader.Part> parts) throws IOException {
        Set<String> named = new LinkedHashSet<>();
        for (JarClassLoader.Part part : parts) {
            byte[] file = part.content().read(ServiceFile.of(kind));
            if (file != null) {
                named.addAll(ServiceFile.classNames(file));
            }
        }
        for (String type : named) {
            try {
                Class<?> factory = Class.forName(type, true, loader);
                factories.add(new Factory(type, ServiceFile.make(kind, factory)));
            } catch (Throwable thrown) {
                Faults.contain(thrown);
                refuse(type, thrown);
            }
        }
    }

    private void refuse(String type, Throwable thrown) {
        refused.add(type + ": " + reason(thrown));
    }

    /** What is wrong with a class, in a line. */
    static String reason(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return Faults.text(
                cause != null && thrown instanceof ReflectiveOperationException ? cause : thrown);
    }

    /** The jar, or the directory of jars. */
    public Path path() {
        return path;
    }

    /** Of the file, or of all jars of the directory one after the other; hexadecimal. */
    public String sha256() {
        return sha256;
    }

    public long generation() {
        return generation;
    }

    public Instant loaded() {
        return loaded;
    }

    public List<Factory> factories() {
        return List.copyOf(factories);
    }

    /** All extensions of all factories. */
    public List<ExtensionEntry> entries() {
        List<ExtensionEntry> all = new ArrayList<>();
        factories.forEach(factory -> all.addAll(factory.entries()));
        return all;
    }

    /** Classes that could not be had, each with the reason. */
    public List<String> refused() {
        return List.copyOf(refused);
    }

    ClassLoader loader() {
        return loader;
    }
}
