package dev.attache.agent.onboard.machine;

import dev.attache.agent.onboard.machine.Journal.Entry;
import dev.attache.agent.onboard.machine.Journal.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes back what the journal says about files, the last first. What somebody changed in between
 * stays. Owned by one command, one thread.
 */
public final class Undoing {
    private final Path root;
    private final Journal journal;
    private final List<String> kept = new ArrayList<>();

    public Undoing(Path root, Journal journal) {
        this.root = root;
        this.journal = journal;
    }

    /**
     * Undoes all of it.
     *
     * @return what was kept and why, in words; empty where nothing was
     */
    public List<String> files() throws IOException {
        List<Path> directories = new ArrayList<>();
        for (Entry entry : journal.entries().reversed()) {
            if (entry.kind() == Kind.DIRECTORY) {
                directories.add(Within.of(root, entry.subject()));
                journal.forget(entry);
            } else {
                undo(entry);
            }
        }
        if (journal.isEmpty()) {
            removeEmpty(journal.directory());
            removeEmpty(journal.directory().getParent());
        }
        directories.sort(Comparator.comparing(Path::getNameCount).reversed());
        for (Path directory : directories) {
            directory(directory);
        }
        return List.copyOf(kept);
    }

    private void undo(Entry entry) throws IOException {
        Path path = Within.of(root, entry.subject());
        switch (entry.kind()) {
            case FILE -> file(entry, path, true);
            case SHARED_FILE -> file(entry, path, false);
            case PRODUCT -> product(path);
            case HOSTS -> hosts(entry, path);
            case DIRECTORY, INTERCEPTION, UNIT -> {
                return; // undone by whoever did it
            }
        }
        journal.forget(entry);
    }

    private void file(Entry entry, Path path, boolean mustBeOurs) throws IOException {
        Path before = journal.directory().resolve(entry.before());
        boolean restore = !entry.before().isEmpty();
        boolean there = Files.exists(path);
        boolean changed =
                there
                        && mustBeOurs
                        && !Machine.digest(Files.readAllBytes(path)).equals(entry.digest());
        if (changed) {
            kept.add(path + " was changed after onboarding, and stays");
            if (restore) {
                kept.add(before + " is what stood there before onboarding");
            }
            return;
        }
        if (restore) {
            restore(before, path);
        } else {
            Files.deleteIfExists(path);
        }
    }

    private static void restore(Path before, Path path) throws IOException {
        int user = (int) Files.getAttribute(before, "unix:uid");
        int group = (int) Files.getAttribute(before, "unix:gid");
        AtomicFile.write(
                path,
                Files.readAllBytes(before),
                PosixFilePermissions.toString(Files.getPosixFilePermissions(before)),
                new Account("", user, group));
        Files.delete(before);
    }

    private static void product(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            removeEmpty(path);
        } else {
            Files.deleteIfExists(path);
        }
    }

    private void directory(Path path) throws IOException {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            kept.add(path + " is no directory, was not made by onboarding, and stays");
            return;
        }
        try {
            Files.deleteIfExists(path);
        } catch (DirectoryNotEmptyException e) {
            kept.add(path + " has files of others, and stays");
        }
    }

    private static void removeEmpty(@Nullable Path path) throws IOException {
        if (path == null) {
            return;
        }
        try {
            Files.deleteIfExists(path);
        } catch (DirectoryNotEmptyException othersToo) {
            return;
        }
    }

    /** The lines as they were added, at once or one by one; everything else stays as it is. */
    private static void hosts(Entry entry, Path path) throws IOException {
        String there;
        try {
            there = Files.readString(path);
        } catch (NoSuchFileException gone) {
            return;
        }
        String without = there.replace(entry.digest(), "");
        for (String line : entry.digest().lines().filter(l -> !l.isBlank()).toList()) {
            without = without.replace(line + "\n", "");
        }
        if (without.isEmpty() && entry.before().isEmpty()) {
            Files.delete(path);
        } else if (!without.equals(there)) {
            AtomicFile.write(
                    path,
                    without.getBytes(StandardCharsets.UTF_8),
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        }
    }
}
