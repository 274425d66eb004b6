package dev.attache.iptables.status;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who installed the rules of a network namespace, when and with which flags. Kept in a directory
 * that does not outlive a reboot, one file per namespace, because the rules do not either.
 * Immutable.
 *
 * @param when UTC, ISO 8601
 * @param by user, process and what started it
 * @param backend iptables, nft
 * @param arguments the command line
 * @param environment the variables that the command reads
 */
public record InstallRecord(
        String when,
        String by,
        String backend,
        List<String> arguments,
        Map<String, String> environment) {
    /** Where records are kept, unless {@code ATTACHE_STATE_DIR} names another directory. */
    public static final Path DIRECTORY = Path.of("/run/attache/intercept");

    /** The file of the calling thread's network namespace. */
    public static Path file(Path directory) {
        try {
            String name = Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
            return directory.resolve(name.replaceAll("[^0-9]", "") + ".properties");
        } catch (IOException e) {
            return directory.resolve("unknown.properties");
        }
    }

    /**
     * Writes it.
     *
     * @throws IOException if the directory cannot be written, as in a read-only container
     */
    public void write(Path file) throws IOException {
        Path directory = file.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Properties properties = new Properties();
        properties.setProperty("when", when);
        properties.setProperty("by", by);
        properties.setProperty("backend", backend);
        for (int i = 0; i < arguments.size(); i++) {
            properties.setProperty("argument." + i, arguments.get(i));
        }
        environment.forEach((name, value) -> properties.setProperty("env." + name, value));
        try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            properties.store(writer, "written by attache when it installed rules");
        }
    }

    /** Reads one; null if there is none. */
    public static @Nullable InstallRecord read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            return null; // no record: installed by another program, or the directory is read-only
        }
        List<String> arguments = new ArrayList<>();
        for (int i = 0; properties.containsKey("argument." + i); i++) {
            arguments.add(properties.getProperty("argument." + i, ""));
        }
        Map<String, String> environment = new TreeMap<>();
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith("env.")) {
                environment.put(name.substring(4), properties.getProperty(name, ""));
            }
        }
        return new InstallRecord(
                properties.getProperty("when", "unknown"),
                properties.getProperty("by", "unknown"),
                properties.getProperty("backend", "unknown"),
                List.copyOf(arguments),
                environment);
    }

    /** Removes it; nothing happens if there is none. */
    public static void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    /** Variables and flags on one line, as one would type them. */
    public String commandLine() {
        StringBuilder line = new StringBuilder();
        environment.forEach(
                (name, value) -> line.append(name).append('=').append(quote(value)).append(' '));
        for (String argument : arguments) {
            line.append(quote(argument)).append(' ');
        }
        return line.toString().strip();
    }

    private static String quote(String word) {
        boolean plain = !word.isEmpty();
        for (int i = 0; i < word.length() && plain; i++) {
            char c = word.charAt(i);
            plain = Character.isLetterOrDigit(c) || "-_./,:=@".indexOf(c) >= 0;
        }
        return plain ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
