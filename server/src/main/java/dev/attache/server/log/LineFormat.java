package dev.attache.server.log;

import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A format of log lines in spdlog's syntax, compiled. Unknown flags print as they stand, as in
 * spdlog. Immutable.
 */
final class LineFormat {

    static final String DEFAULT = "[%Y-%m-%d %T.%e][%t][%l][%n] [%g:%#] %v";

    private static final long PID = ProcessHandle.current().pid();

    /** Prints one part of a line. */
    private interface Part {
        void append(StringBuilder line, LogRecord record, ZonedDateTime at);
    }

    private final List<Part> parts = new ArrayList<>();
    private final boolean escaped;
    private final String version;
    private boolean needsSource;

    /**
     * @param escaped {@code --log-format-escaped}: control characters of messages are escaped
     * @param version what {@code %N} prints
     */
    LineFormat(String pattern, boolean escaped, String version) {
        this.escaped = escaped;
        this.version = version;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '%' && i + 1 < pattern.length()) {
                i++;
                parts.add(flag(pattern.charAt(i)));
            } else {
                parts.add((line, record, at) -> line.append(c));
            }
        }
    }

    boolean needsSource() {
        return needsSource;
    }

    /** Without line end. */
    void append(StringBuilder line, LogRecord record) {
        ZonedDateTime at = record.at().atZone(ZoneId.systemDefault());
        for (Part part : parts) {
            part.append(line, record, at);
        }
    }

    private Part flag(char flag) {
        return switch (flag) {
            case 'v' -> this::message;
            case '_' -> this::escapedMessage;
            case 'j' -> (line, record, at) -> Json.escape(line, text(record));
            case 't' -> (line, record, at) -> line.append(record.threadId());
            case 'P' -> (line, record, at) -> line.append(PID);
            case 'n' -> (line, record, at) -> line.append(record.component());
            case 'l' -> (line, record, at) -> line.append(record.level().text());
            case 'L' -> (line, record, at) -> line.append(record.level().letter());
            case 'N' -> (line, record, at) -> line.append(version);
            case 'g', 's', '#', '@', '!' -> source(flag);
            case '%' -> (line, record, at) -> line.append('%');
            case '^', '$' -> (line, record, at) -> {};
            default -> time(flag);
        };
    }

    private Part source(char flag) {
        needsSource = true;
        return (line, record, at) -> {
            LogRecord.Source source = record.source();
            if (source == null) {
                return;
            }
            String file = source.file();
            switch (flag) {
                case 'g' -> line.append(file);
                case 's' -> line.append(file.substring(file.lastIndexOf('/') + 1));
                case '#' -> line.append(source.line());
                case '!' -> line.append(source.method());
                default -> line.append(file).append(':').append(source.line());
            }
        };
    }

    private static Part time(char flag) {
        return switch (flag) {
            case 'e' -> (line, record, at) -> digits(line, at.getNano() / 1_000_000, 3);
            case 'f' -> (line, record, at) -> digits(line, at.getNano() / 1_000, 6);
            case 'F' -> (line, record, at) -> digits(line, at.getNano(), 9);
            case 'E' -> (line, record, at) -> line.append(at.toEpochSecond());
            default -> calendar(flag);
        };
    }

    private static Part calendar(char flag) {
        String pattern =
                switch (flag) {
                    case 'Y' -> "yyyy";
                    case 'C' -> "yy";
                    case 'm' -> "MM";
                    case 'd' -> "dd";
                    case 'H' -> "HH";
                    case 'I' -> "hh";
                    case 'M' -> "mm";
                    case 'S' -> "ss";
                    case 'T', 'X' -> "HH:mm:ss";
                    case 'R' -> "HH:mm";
                    case 'r' -> "hh:mm:ss a";
                    case 'D', 'x' -> "MM/dd/yy";
                    case 'p' -> "a";
                    case 'a' -> "EEE";
                    case 'A' -> "EEEE";
                    case 'b', 'h' -> "MMM";
                    case 'B' -> "MMMM";
                    case 'c' -> "EEE MMM d HH:mm:ss yyyy";
                    case 'z' -> "xxx";
                    default -> "";
                };
        if (pattern.isEmpty()) {
            return (line, record, at) -> line.append('%').append(flag);
        }
        DateTimeFormatter formatter = DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
        return (line, record, at) -> formatter.formatTo(at, line);
    }

    private void message(StringBuilder line, LogRecord record, ZonedDateTime at) {
        if (escaped) {
            escapedMessage(line, record, at);
        } else {
            line.append(text(record));
        }
    }

    private void escapedMessage(StringBuilder line, LogRecord record, ZonedDateTime at) {
        String text = text(record);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                case '\\' -> line.append("\\\\");
                case '"' -> line.append("\\\"");
                default -> line.append(c);
            }
        }
    }

    private static String text(LogRecord record) {
        StringBuilder text = new StringBuilder(record.message());
        for (LogRecord.Label label : record.labels()) {
            text.append(' ').append(label.name()).append('=').append(label.value());
        }
        Throwable thrown = record.thrown();
        return thrown == null
                ? text.toString()
                : text.append('\n').append(StackText.of(thrown)).toString();
    }

    private static void digits(StringBuilder line, int value, int width) {
        String text = Integer.toString(value);
        line.repeat('0', width - text.length()).append(text);
    }
}
