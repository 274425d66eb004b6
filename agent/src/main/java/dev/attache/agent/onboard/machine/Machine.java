package dev.attache.agent.onboard.machine;

import dev.attache.agent.onboard.machine.Journal.Entry;
import dev.attache.agent.onboard.machine.Journal.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The machine while it is being onboarded: each change is noted before it is made. Doing the same
 * again changes nothing. Owned by one command, one thread.
 */
public final class Machine {
    /** Behind each line that is added to the file of hosts. */
    static final String MARK = " # attache onboard";

    static final String HOSTS = "etc/hosts";

    private final Path root;
    private final Journal journal;
    private final @Nullable Account owner;

    /**
     * @param root {@code /}, or the directory of an image
     * @param owner whom the agent's files belong to; null where this user may not give files away
     */
    public Machine(Path root, Journal journal, @Nullable Account owner) {
        this.root = root;
        this.journal = journal;
        this.owner = owner;
    }

    /** A directory of the agent, with all above it that are missing. */
    public void directory(String path, String mode) throws IOException {
        Path directory = Within.of(root, path);
        if (Files.isDirectory(directory)) {
            return;
        }
        int slash = path.lastIndexOf('/');
        if (slash > 0) {
            parents(path.substring(0, slash));
        }
        make(path, mode);
        give(directory);
    }

    private void parents(String path) throws IOException {
        if (!Files.isDirectory(Within.of(root, path))) {
            int slash = path.lastIndexOf('/');
            if (slash > 0) {
                parents(path.substring(0, slash));
            }
            make(path, "rwxr-xr-x");
        }
    }

    /** The first note may have made it already, on the way to where the journal is. */
    private void make(String path, String mode) throws IOException {
        Path there = Within.of(root, path);
        if (Files.exists(there) && !Files.isDirectory(there)) {
            throw new IOException(there + " is there and is no directory: move it away");
        }
        journal.note(new Entry(Kind.DIRECTORY, path, "", ""));
        Path directory = Files.createDirectories(Within.of(root, path));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
    }

    /**
     * A file that nobody else is to change.
     *
     * @return whether it was written: not where it is there already, as it should be
     */
    public boolean file(String path, byte[] content, String mode) throws IOException {
        return write(Kind.FILE, path, content, mode, owner);
    }

    /** As {@link #file}, of one that belongs to the system. */
    public boolean systemFile(String path, byte[] content, String mode) throws IOException {
        return write(Kind.FILE, path, content, mode, null);
    }

    /** As {@link #file}, of one that the agent writes anew while it runs. */
    public boolean sharedFile(String path, byte[] content, String mode) throws IOException {
        return write(Kind.SHARED_FILE, path, content, mode, owner);
    }

    /** Notes what the agent will make; it goes when the machine leaves. */
    public void product(String path) throws IOException {
        if (journal.find(Kind.PRODUCT, path) == null && !Files.exists(Within.of(root, path))) {
            journal.note(new Entry(Kind.PRODUCT, path, "", ""));
        }
    }

    /** A link to what others make; it goes when the machine leaves. */
    public void link(String path, Path target) throws IOException {
        Path link = Within.of(root, path);
        if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
            return;
        }
        journal.note(new Entry(Kind.PRODUCT, path, "", ""));
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, target);
    }

    private boolean write(
            Kind kind, String path, byte[] content, String mode, @Nullable Account account)
            throws IOException {
        Path file = Within.of(root, path);
        Entry earlier = journal.find(kind, path);
        byte[] there = Files.exists(file) ? Files.readAllBytes(file) : null;
        if (earlier == null || there != null && !isOurs(earlier, there)) {
            String before = earlier == null ? "" : earlier.before();
            if (before.isEmpty() && there != null) {
                before = keep(path, there);
            }
            journal.note(new Entry(kind, path, digest(content), before));
        } else {
            journal.note(new Entry(kind, path, digest(content), earlier.before()));
        }
        if (there != null && Arrays.equals(there, content) && !Files.isSymbolicLink(file)) {
            AtomicFile.allow(file, mode);
            give(file, account);
            return false;
        }
        int slash = path.lastIndexOf('/');
        if (slash > 0) {
            parents(path.substring(0, slash));
        }
        AtomicFile.write(file, content, mode, account);
        return true;
    }

    private static boolean isOurs(Entry entry, byte[] there) {
        return entry.kind() == Kind.SHARED_FILE || digest(there).equals(entry.digest());
    }

    /** Copies what stands there, with its mode, to where leaving finds it. */
    private String keep(String path, byte[] there) throws IOException {
        Files.createDirectories(journal.directory());
        String name = "before-" + path.replace('/', '-');
        Path file = Within.of(root, path);
        int user = (int) Files.getAttribute(file, "unix:uid");
        int group = (int) Files.getAttribute(file, "unix:gid");
        AtomicFile.write(
                journal.directory().resolve(name),
                there,
                PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                new Account("", user, group));
        return name;
    }

    /**
     * Adds lines to the file of hosts that are not there yet.
     *
     * @return the lines that were added
     */
    public List<String> hosts(List<String> lines) throws IOException {
        Path file = Within.of(root, HOSTS);
        String there = Files.exists(file) ? Files.readString(file) : "";
        List<String> present = there.lines().map(Machine::plain).toList();
        List<String> missing = lines.stream().filter(l -> !present.contains(plain(l))).toList();
        if (missing.isEmpty()) {
            return missing;
        }
        boolean open = !there.isEmpty() && !there.endsWith("\n");
        StringBuilder added = new StringBuilder(open ? "\n" : "");
        missing.forEach(line -> added.append(plain(line)).append(MARK).append('\n'));
        Entry earlier = journal.find(Kind.HOSTS, HOSTS);
        String all = (earlier == null ? "" : earlier.digest()) + added;
        journal.note(new Entry(Kind.HOSTS, HOSTS, all, Files.exists(file) ? "there" : ""));
        String mode =
                Files.exists(file)
                        ? PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                        : "rw-r--r--";
        parents("etc");
        AtomicFile.write(file, (there + added).getBytes(StandardCharsets.UTF_8), mode);
        return missing;
    }

    private static String plain(String line) {
        return line.replaceFirst("#.*", "").strip().replaceAll("\\s+", " ");
    }

    private void give(Path path) throws IOException {
        give(path, owner);
    }

    private static void give(Path path, @Nullable Account account) throws IOException {
        if (account != null) {
            AtomicFile.own(path, account);
        }
    }

    static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each JDK has SHA-256", e);
        }
    }
}
