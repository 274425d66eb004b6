package dev.attache.server.restart;

import dev.attache.server.supervision.Supervisor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts the process that takes over from this one, with the same command line, the next epoch, and
 * whatever program stands there now: what Envoy's hot-restarter.py does. One at a time; any thread.
 */
public final class NextProcess {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    /** Flags that say which process of the row it is, and whether a value follows them. */
    private static final Map<String, Boolean> OF_THE_ROW =
            Map.of("--restart-epoch", true, "--base-id", true, "--use-dynamic-base-id", false);

    private final List<String> arguments;
    private final long epoch;
    private final long baseId;
    private final Supervisor supervisor;
    private final BooleanSupplier replaced;
    private final IntConsumer successorEnded;
    private boolean starting;

    /**
     * @param arguments of this process
     * @param epoch of this process
     * @param supervisor hears what comes of it
     * @param replaced whether another process serves in place of this one
     * @param successorEnded told the code of one that ended after it had taken over, while this
     *     process was there; on a thread of the JVM
     */
    public NextProcess(
            String[] arguments,
            long epoch,
            long baseId,
            Supervisor supervisor,
            BooleanSupplier replaced,
            IntConsumer successorEnded) {
        this.arguments = List.of(arguments);
        this.epoch = epoch;
        this.baseId = baseId;
        this.supervisor = supervisor;
        this.replaced = replaced;
        this.successorEnded = successorEnded;
    }

    /** Starts it, unless one is starting; one that ends before it serves is a line in the log. */
    public synchronized void start() {
        if (starting) {
            LOG.warn("the next process is starting already");
            return;
        }
        supervisor.reloading();
        try {
            // The JVM's own way, by a helper program, would meet that of a newer JDK after an
            // upgrade.
            System.setProperty("jdk.lang.Process.launchMechanism", "FORK");
            Process next = new ProcessBuilder(command()).inheritIO().start();
            starting = true;
            LOG.info("epoch {} starts as process {}", epoch + 1, next.pid());
            next.onExit().thenAccept(this::ended);
        } catch (IOException e) {
            LOG.error("the next process cannot be started, this one serves on: {}", e.getMessage());
            supervisor.ready();
        }
    }

    private synchronized void ended(Process next) {
        starting = false;
        LOG.error("the next process (pid {}) has ended with code {}", next.pid(), next.exitValue());
        if (replaced.getAsBoolean()) {
            successorEnded.accept(next.exitValue());
        } else {
            supervisor.ready();
        }
    }

    private List<String> command() throws IOException {
        List<String> command = new ArrayList<>(program());
        command.addAll(next(arguments, epoch, baseId));
        return command;
    }

    /** The launcher, which finds what is installed now; without one, what this process was. */
    private List<String> program() throws IOException {
        String launcher = System.getProperty("attache.launcher", "");
        if (!launcher.isEmpty()) {
            return List.of(launcher);
        }
        String line = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8);
        List<String> words = Arrays.asList(line.split("\0", -1));
        // A word is empty behind the last zero.
        int own = words.size() - 1 - arguments.size();
        if (own < 1) {
            throw new IOException("the command line of this process cannot be read");
        }
        return words.subList(0, own);
    }

    /** The arguments of the process after one that had these. */
    static List<String> next(List<String> arguments, long epoch, long baseId) {
        List<String> next = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            Boolean value = OF_THE_ROW.get(arguments.get(i));
            if (value == null) {
                next.add(arguments.get(i));
            } else if (value) {
                i++;
            }
        }
        next.addAll(
                List.of(
                        "--restart-epoch",
                        Long.toString(epoch + 1),
                        "--base-id",
                        Long.toString(baseId)));
        return next;
    }
}
