package dev.attache.iptables.status;

import dev.attache.iptables.capture.Flag;
import dev.attache.iptables.capture.Host;
import dev.attache.iptables.log.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps the record of this network namespace. A failure to do so is no failure of the command. */
public final class Recorder {
    /** Flags that say what to do now, not what to have. */
    private static final List<String> MOMENTARY =
            List.of("--reconcile", "--force-apply", "--run-validation", "--cleanup-only");

    private final Host host;
    private final Clock clock;
    private final Log log;

    public Recorder(Host host, Clock clock, Log log) {
        this.host = host;
        this.clock = clock;
        this.log = log;
    }

    private Path file() {
        String directory = host.environment().getOrDefault("ATTACHE_STATE_DIR", "");
        return InstallRecord.file(
                directory.isEmpty() ? InstallRecord.DIRECTORY : Path.of(directory));
    }

    /** Notes an installation. */
    public void installed(String backend, List<String> arguments) {
        Map<String, String> environment = new TreeMap<>();
        for (String name : Flag.environmentNames()) {
            String value = host.environment().get(name);
            if (value != null) {
                environment.put(name, value);
            }
        }
        List<String> kept = new ArrayList<>(arguments);
        kept.removeIf(MOMENTARY::contains);
        String when = Instant.now(clock).truncatedTo(ChronoUnit.SECONDS).toString();
        try {
            new InstallRecord(when, by(), backend, kept, environment).write(file());
        } catch (IOException e) {
            log.debug("no install record: " + e);
        }
    }

    /** Forgets it. */
    public void removed() {
        try {
            InstallRecord.delete(file());
        } catch (IOException e) {
            log.debug("the install record stays: " + e);
        }
    }

    /** The record, null if there is none. */
    public @Nullable InstallRecord read() {
        return InstallRecord.read(file());
    }

    private static String by() {
        long pid = ProcessHandle.current().pid();
        String parent =
                ProcessHandle.current()
                        .parent()
                        .map(handle -> name(handle.pid()) + " (pid " + handle.pid() + ")")
                        .orElse("nobody");
        return "user "
                + System.getProperty("user.name", "unknown")
                + ", pid "
                + pid
                + ", started by "
                + parent;
    }

    private static String name(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/comm"), StandardCharsets.UTF_8)
                    .strip();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
