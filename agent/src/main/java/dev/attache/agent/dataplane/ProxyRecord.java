package dev.attache.agent.dataplane;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that says which process is the proxy, and of which agent: an agent that is killed leaves
 * its proxy serving, and the next one could start none beside it. Numbers of processes are given
 * again, in another container or after a start of the machine at once; so each goes with its start.
 * Not for several threads at once.
 */
final class ProxyRecord {

    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final long END_SECONDS = 5;

    /** Of {@code /proc/PID/stat}, counted behind the name: ticks since the machine's start. */
    private static final int START = 19;

    /** There, too: one letter. */
    private static final int STATE = 0;

    private final Path file;

    ProxyRecord(Path file) {
        this.file = file;
    }

    /** A process that is not another of the same number. */
    private record Known(long pid, String start) {

        static @Nullable Known of(long pid) throws IOException {
            String stat;
            try {
                stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            } catch (NoSuchFileException gone) {
                return null;
            }
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            if (fields[STATE].equals("Z")) {
                return null; // it has ended, and its parent has not looked yet
            }
            return new Known(pid, fields[START] + "@" + Files.readString(BOOT).strip());
        }

        /** The process, if it is still that one. */
        Optional<ProcessHandle> running() throws IOException {
            return equals(of(pid)) ? ProcessHandle.of(pid) : Optional.empty();
        }
    }

    /** Keeps which process it is. What cannot be written is said. */
    void keep(long proxy) {
        try {
            Known child = Known.of(proxy);
            Known own = Known.of(ProcessHandle.current().pid());
            if (child == null || own == null) {
                return;
            }
            Path next = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(
                    next, "%d %s\n%d %s\n".formatted(child.pid, child.start, own.pid, own.start));
            Files.move(
                    next,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn(
                    "{}: a proxy that this agent leaves will not be known: {}", file, e.toString());
        }
    }

    /** The proxy has ended. */
    void forget() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} stays: {}", file, e.toString());
        }
    }

    /** Ends the proxy of an agent that is gone, and waits until it is. */
    void endOrphan() {
        try {
            Known[] known = read();
            if (known.length < 2 || known[1].running().isPresent()) {
                return;
            }
            Optional<ProcessHandle> orphan = known[0].running();
            if (orphan.isPresent()) {
                LOG.warn(
                        "the proxy {} of an agent that was killed is still there: it is ended",
                        known[0].pid);
                orphan.get().destroyForcibly();
                await(known[0]);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: a proxy that an agent left is not ended: {}", file, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of another's child the JDK itself only asks three times a second. */
    private static void await(Known process) throws IOException, InterruptedException {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS);
        while (process.running().isPresent()) {
            if (System.nanoTime() > limit) {
                throw new IOException("process " + process.pid + " does not end");
            }
            Thread.sleep(5);
        }
    }

    /** The proxy and its agent; nothing where the file is not there, or half. */
    private Known[] read() throws IOException {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                    .map(line -> line.split(" "))
                    .filter(words -> words.length == 2 && words[0].matches("[1-9][0-9]{0,9}"))
                    .map(words -> new Known(Long.parseLong(words[0]), words[1]))
                    .toArray(Known[]::new);
        } catch (NoSuchFileException none) {
            return new Known[0];
        }
    }
}
