package dev.attache.server.log;

import dev.attache.proxy.log.ComponentLog;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The process's log: levels by component, the line format, and where lines go. One per process,
 * since SLF4J is. Any thread.
 */
public final class Logging {

    private static final Map<String, Component> COMPONENTS = new ConcurrentHashMap<>();
    private static final LineWriter WRITER = new LineWriter(FileDescriptor.err);
    private static volatile LineFormat format = new LineFormat(LineFormat.DEFAULT, false, "");

    static {
        for (String name : Components.NAMES) {
            COMPONENTS.put(name, new Component(name));
        }
        for (String name : Scopes.NAMES) {
            COMPONENTS.put(Scopes.PREFIX + name, new Component(Scopes.PREFIX + name));
        }
    }

    private Logging() {}

    /** One component's level. */
    static final class Component {
        private final String name;
        private volatile LogLevel level = LogLevel.INFO;

        Component(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }

        void level(LogLevel next) {
            level = next;
            ComponentLog.follow(name, enabled(LogLevel.DEBUG), enabled(LogLevel.TRACE));
        }

        boolean enabled(LogLevel wanted) {
            return wanted.compareTo(level) >= 0;
        }
    }

    static Component component(String logger) {
        return COMPONENTS.computeIfAbsent(Components.of(logger), Component::new);
    }

    /** Sets the level of all components of the proxy. */
    public static void setLevel(LogLevel level) {
        Components.NAMES.forEach(name -> setLevel(name, level));
    }

    /** Sets the level of one component; false if there is none of that name. */
    public static boolean setLevel(String component, LogLevel level) {
        Component known = COMPONENTS.get(component);
        if (known == null) {
            return false;
        }
        known.level(level);
        return true;
    }

    /** The level of every component, in the order of Envoy's list, then of an agent's scopes. */
    public static Map<String, LogLevel> levels() {
        Map<String, LogLevel> levels = new java.util.LinkedHashMap<>();
        Components.NAMES.forEach(name -> level(name, levels));
        if (Scopes.isOpen()) {
            Scopes.NAMES.forEach(name -> level(Scopes.PREFIX + name, levels));
        }
        return levels;
    }

    private static void level(String name, Map<String, LogLevel> levels) {
        Component component = COMPONENTS.get(name);
        if (component != null) {
            levels.put(name, component.level);
        }
    }

    /**
     * Sets the line format.
     *
     * @param pattern in spdlog's syntax, or null for Envoy's default
     * @param escaped line ends in messages are escaped
     * @param version what {@code %N} prints
     */
    public static void setFormat(@Nullable String pattern, boolean escaped, String version) {
        format = new LineFormat(pattern(pattern), escaped, version);
    }

    /** The line format that {@code pattern} stands for: itself, or Envoy's default for null. */
    public static String pattern(@Nullable String pattern) {
        return pattern == null ? LineFormat.DEFAULT : pattern;
    }

    /** Prints JSON objects, one per line; the values are patterns in spdlog's syntax. */
    public static void setJsonFormat(Map<String, String> properties, String version) {
        format = new LineFormat(Json.pattern(new TreeMap<>(properties)), false, version);
    }

    /**
     * Sends lines to a file; empty = standard error.
     *
     * @throws IOException if the file cannot be written
     */
    public static void setPath(String path) throws IOException {
        if (!path.isEmpty()) {
            LineWriter.create(path);
        }
        WRITER.path(path);
    }

    /** Opens the log file anew, after it has been moved away. */
    public static void reopen() {
        WRITER.reopen();
        Scopes.reopen();
    }

    /** Waits until what was logged so far has been written; before the process ends. */
    public static void flush() {
        WRITER.flush();
        Scopes.flush();
    }

    static boolean needsSource(Component component) {
        return Scopes.has(component.name)
                ? Scopes.needsSource(component.name)
                : format.needsSource();
    }

    static void write(LogRecord record) {
        if (Scopes.has(record.component())) {
            Scopes.write(record, WRITER);
            return;
        }
        StringBuilder line = new StringBuilder(160);
        format.append(line, record);
        WRITER.write(line.toString());
    }
}
