package dev.attache.agent.onboard.machine;

import dev.attache.agent.document.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What onboarding did to this machine, in the order in which it was done. Written anew after each
 * step, so that a run that was cut short can be undone, too. Owned by one command, one thread.
 */
public final class Journal {
    /** Where it is kept, below the machine's root. */
    public static final String DIRECTORY = "var/lib/attache/onboard";

    private static final String FILE = "journal.json";

    /** What was done. */
    public enum Kind {
        /** A directory was made. */
        DIRECTORY,
        /** A file was written; {@code before} has the copy of what stood there, if anything did. */
        FILE,
        /** A file was written that the agent itself goes on to write. */
        SHARED_FILE,
        /** A file or socket that the agent makes when it runs. */
        PRODUCT,
        /** Lines were added to the file of hosts. */
        HOSTS,
        /** Traffic was redirected. */
        INTERCEPTION,
        /** A unit was enabled and started. */
        UNIT
    }

    /**
     * One step.
     *
     * @param subject a path below the root without the slash before it, or the unit's name
     * @param digest SHA-256 of what was written, in hexadecimal; of lines the lines themselves
     * @param before name of the copy of what stood there, in the journal's directory; empty if
     *     nothing did
     */
    public record Entry(Kind kind, String subject, String digest, String before) {}

    private final Path root;
    private final Path directory;
    private final List<Entry> entries;

    private Journal(Path root, Path directory, List<Entry> entries) {
        this.root = root;
        this.directory = directory;
        this.entries = new ArrayList<>(entries);
    }

    /** That of a machine; empty where nothing was done. */
    public static Journal of(Path root) throws IOException {
        Path directory = Within.of(root, DIRECTORY);
        try {
            return new Journal(root, directory, parse(Files.readString(directory.resolve(FILE))));
        } catch (NoSuchFileException none) {
            return new Journal(root, directory, List.of());
        } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
            throw new IOException(directory.resolve(FILE) + " cannot be read: " + e, e);
        }
    }

    private static List<Entry> parse(String text) {
        List<Entry> read = new ArrayList<>();
        Map<?, ?> document = (Map<?, ?>) Json.parse(text);
        for (Object each : (List<?>) Objects.requireNonNull(document.get("done"))) {
            Map<?, ?> entry = (Map<?, ?>) each;
            read.add(
                    new Entry(
                            Kind.valueOf(text(entry, "kind")),
                            text(entry, "subject"),
                            text(entry, "digest"),
                            text(entry, "before")));
        }
        return read;
    }

    private static String text(Map<?, ?> entry, String field) {
        return Objects.requireNonNull(entry.get(field), field).toString();
    }

    /** Whether nothing is to be undone. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    /** All steps, the oldest first; a copy. */
    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** The step about a subject, null if there was none. */
    public @Nullable Entry find(Kind kind, String subject) {
        return entries.stream()
                .filter(entry -> entry.kind() == kind && entry.subject().equals(subject))
                .findFirst()
                .orElse(null);
    }

    /** Where copies of what stood there before are kept. */
    Path directory() {
        return directory;
    }

    /** Notes a step, in place of an earlier one about the same. */
    public void note(Entry entry) throws IOException {
        if (entries.isEmpty()) {
            own();
        }
        Entry earlier = find(entry.kind(), entry.subject());
        if (earlier == null) {
            entries.add(entry);
        } else {
            entries.set(entries.indexOf(earlier), entry);
        }
        write();
    }

    /** The directories above this one's are made by its first line. */
    private void own() {
        for (String above : List.of("var", "var/lib")) {
            if (!Files.isDirectory(root.resolve(above))) {
                entries.add(new Entry(Kind.DIRECTORY, above, "", ""));
            }
        }
    }

    /** Forgets a step that was undone; the journal's file goes with the last. */
    public void forget(Entry entry) throws IOException {
        entries.remove(entry);
        if (entries.isEmpty()) {
            Files.deleteIfExists(directory.resolve(FILE));
        } else {
            write();
        }
    }

    private void write() throws IOException {
        List<Object> done = new ArrayList<>();
        for (Entry entry : entries) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("kind", entry.kind().name());
            fields.put("subject", entry.subject());
            fields.put("digest", entry.digest());
            fields.put("before", entry.before());
            done.add(fields);
        }
        Files.createDirectories(directory);
        AtomicFile.allow(directory, "rwx------"); // copies of keys may be in it
        AtomicFile.write(
                directory.resolve(FILE),
                (Json.print(Map.of("done", done)) + "\n")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                "rw-------");
    }
}
