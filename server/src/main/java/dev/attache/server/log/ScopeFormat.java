package dev.attache.server.log;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;

/**
 * Lines of an agent as Istio's writes them: time, level, scope, place and message, parted by tabs,
 * with labels at the end; or the same as an object. The default scope has no name. Immutable.
 */
final class ScopeFormat {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final boolean json;
    private final Set<String> callers;

    ScopeFormat(boolean json, Set<String> callers) {
        this.json = json;
        this.callers = callers;
    }

    boolean hasCaller(String scope) {
        return callers.contains(scope) || callers.contains("all");
    }

    /** Without line end. */
    String line(LogRecord record) {
        String scope = record.component().substring(Scopes.PREFIX.length());
        String name = scope.equals("default") ? "" : scope;
        LogRecord.Source source = record.source();
        String caller = source == null || !hasCaller(scope) ? "" : place(source);
        return json ? object(record, name, caller) : text(record, name, caller);
    }

    /** Folder, file and line, as Go's short form. */
    private static String place(LogRecord.Source source) {
        String file = source.file();
        int folder = file.lastIndexOf('/', file.lastIndexOf('/') - 1);
        return file.substring(folder + 1) + ":" + source.line();
    }

    private static String text(LogRecord record, String scope, String caller) {
        StringBuilder line = new StringBuilder(160);
        TIME.formatTo(record.at(), line);
        line.append('\t').append(level(record.level()));
        for (String part : new String[] {scope, caller}) {
            if (!part.isEmpty()) {
                line.append('\t').append(part);
            }
        }
        line.append('\t').append(record.message());
        char between = '\t';
        for (LogRecord.Label label : record.labels()) {
            line.append(between).append(label.name()).append('=').append(label.value());
            between = ' ';
        }
        Throwable thrown = record.thrown();
        return thrown == null
                ? line.toString()
                : line.append('\n').append(StackText.of(thrown)).toString();
    }

    private static String object(LogRecord record, String scope, String caller) {
        StringBuilder line = new StringBuilder(200).append('{');
        value(line, "level", level(record.level()));
        value(line, "time", TIME.format(record.at()));
        if (!scope.isEmpty()) {
            value(line, "scope", scope);
        }
        if (!caller.isEmpty()) {
            value(line, "caller", caller);
        }
        value(line, "msg", record.message());
        for (LogRecord.Label label : record.labels()) {
            if (label.value() instanceof Number number) {
                line.append(",\"").append(label.name()).append("\":").append(number);
            } else {
                value(line, label.name(), label.value().toString());
            }
        }
        Throwable thrown = record.thrown();
        if (thrown != null) {
            value(line, "stack", StackText.of(thrown));
        }
        return line.append('}').toString();
    }

    private static void value(StringBuilder line, String name, String value) {
        line.append(line.length() > 1 ? ",\"" : "\"").append(name).append("\":\"");
        Json.escape(line, value);
        line.append('"');
    }

    /** In Istio's words. */
    private static String level(LogLevel level) {
        return switch (level) {
            case TRACE, DEBUG -> "debug";
            case WARNING -> "warn";
            case CRITICAL, OFF -> "fatal";
            default -> level.text();
        };
    }
}
