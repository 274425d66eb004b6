package dev.attache.server.log;

import java.io.FileDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The log of an agent in this process: scopes beside Envoy's components, as Istio's agent has them,
 * with levels, lines and places of their own. A logger {@code agent.NAME} belongs to the scope of
 * that name, {@code agent} and all others to the default one. Before {@link #open} the lines go to
 * standard error. One per process. Any thread.
 *
 * @see <a href="https://istio.io/latest/docs/reference/commands/pilot-agent/">pilot-agent</a>
 */
public final class Scopes {

    /** What the names of scopes begin with where they stand beside components. */
    static final String PREFIX = "agent.";

    /** Those that have lines here; the original's others are taken and have none. */
    static final List<String> NAMES =
            List.of(
                    "ads",
                    "ca",
                    "cache",
                    "citadelclient",
                    "default",
                    "dns",
                    "healthcheck",
                    "probes",
                    "sds",
                    "xdsproxy");

    private static final String ALL = "all";

    private static volatile @Nullable Places places;

    private Scopes() {}

    /** Where lines go, and how they look. */
    private record Places(ScopeFormat format, List<LineWriter> writers) {}

    /**
     * How an agent logs.
     *
     * @param json whether lines are objects
     * @param targets files, {@code stdout} or {@code stderr}; a line goes to each of them
     * @param levels by scope, in their order; {@code all} is every scope; unknown ones have no
     *     effect
     * @param callers scopes whose lines say where they come from; {@code all} as above
     */
    public record Settings(
            boolean json, List<String> targets, Map<String, LogLevel> levels, Set<String> callers) {
        public Settings {
            targets = List.copyOf(targets);
            levels = new LinkedHashMap<>(levels);
            callers = Set.copyOf(callers);
        }
    }

    /**
     * Begins the log of an agent; from then on {@code /logging} shows and changes its levels.
     *
     * @throws IOException if a file cannot be written
     */
    public static void open(Settings settings) throws IOException {
        List<LineWriter> writers = new ArrayList<>();
        for (String target : settings.targets) {
            writers.add(writer(target));
        }
        places = new Places(new ScopeFormat(settings.json, settings.callers), writers);
        settings.levels.forEach(Scopes::setLevel);
    }

    /** Ends it: lines go to standard error again, from level info on. */
    static void close() {
        flush();
        places = null;
        setLevel(LogLevel.INFO);
    }

    private static LineWriter writer(String target) throws IOException {
        switch (target) {
            case "stdout" -> {
                return new LineWriter(FileDescriptor.out);
            }
            case "stderr" -> {
                return new LineWriter(FileDescriptor.err);
            }
            default -> {
                LineWriter.create(target);
                LineWriter writer = new LineWriter(FileDescriptor.err);
                writer.path(target);
                return writer;
            }
        }
    }

    private static void setLevel(String scope, LogLevel level) {
        if (scope.equals(ALL)) {
            setLevel(level);
        } else if (NAMES.contains(scope)) {
            Logging.setLevel(PREFIX + scope, level);
        }
    }

    /** Sets the level of all of them. */
    public static void setLevel(LogLevel level) {
        NAMES.forEach(name -> Logging.setLevel(PREFIX + name, level));
    }

    static boolean isOpen() {
        return places != null;
    }

    /** The component that stands for the scope of a logger. */
    static String component(String logger) {
        return logger.startsWith(PREFIX) && NAMES.contains(logger.substring(PREFIX.length()))
                ? logger
                : PREFIX + "default";
    }

    static boolean has(String component) {
        return component.startsWith(PREFIX);
    }

    static boolean needsSource(String component) {
        Places to = places;
        return to != null && to.format.hasCaller(component.substring(PREFIX.length()));
    }

    /** Writes a line to the agent's places; where there are none yet, to the process's own log. */
    static void write(LogRecord record, LineWriter otherwise) {
        Places to = places;
        if (to == null) {
            otherwise.write(new ScopeFormat(false, Set.of()).line(record));
            return;
        }
        String line = to.format.line(record);
        to.writers.forEach(writer -> writer.write(line));
    }

    static void reopen() {
        Places to = places;
        if (to != null) {
            to.writers.forEach(LineWriter::reopen);
        }
    }

    static void flush() {
        Places to = places;
        if (to != null) {
            to.writers.forEach(LineWriter::flush);
        }
    }
}
