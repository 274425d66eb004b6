package dev.attache.iptables.log;

import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Writes log lines: time, level, message, parted by tabs, or one JSON object per line. Errors and
 * warnings go to the error stream, the rest to the output stream. Owned by one command run; safe to
 * use from the threads of that run because a line is one write.
 */
public final class Log {
    /** How much is written. */
    public enum Level {
        NONE("none"),
        ERROR("error"),
        WARN("warn"),
        INFO("info"),
        DEBUG("debug");

        private final String label;

        Level(String label) {
            this.label = label;
        }
    }

    private final PrintStream out;
    private final PrintStream err;
    private final Level level;
    private final boolean json;

    public Log(PrintStream out, PrintStream err, Level level, boolean json) {
        this.out = out;
        this.err = err;
        this.level = level;
        this.json = json;
    }

    /** Reads {@code info} or {@code default:info,other:debug}; what is not understood is info. */
    public static Level level(String setting) {
        for (String part : setting.split(",", -1)) {
            int colon = part.indexOf(':');
            String scope = colon < 0 ? "default" : part.substring(0, colon);
            if (scope.equals("default") || scope.equals("all")) {
                String name = part.substring(colon + 1);
                for (Level level : Level.values()) {
                    if (level.label.equals(name)) {
                        return level;
                    }
                }
            }
        }
        return Level.INFO;
    }

    public void error(String message) {
        write(Level.ERROR, message);
    }

    public void warn(String message) {
        write(Level.WARN, message);
    }

    public void info(String message) {
        write(Level.INFO, message);
    }

    public void debug(String message) {
        write(Level.DEBUG, message);
    }

    /** True if debug lines are written, for what is costly to find out. */
    public boolean showsDebug() {
        return level == Level.DEBUG;
    }

    private void write(Level of, String message) {
        if (of.compareTo(level) > 0) {
            return;
        }
        String time = Instant.now().truncatedTo(ChronoUnit.MICROS).toString();
        String line =
                json
                        ? "{\"level\":\""
                                + of.label
                                + "\",\"time\":\""
                                + time
                                + "\",\"msg\":\""
                                + escape(message)
                                + "\"}"
                        : time + "\t" + of.label + "\t" + message;
        PrintStream stream = of.compareTo(Level.WARN) <= 0 ? err : out;
        stream.println(line);
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> escaped.append("\\\"");
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\t' -> escaped.append("\\t");
                case '\r' -> escaped.append("\\r");
                default -> {
                    if (c < ' ') {
                        escaped.append("\\u00")
                                .append(c < 16 ? "0" : "1")
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.toString();
    }
}
