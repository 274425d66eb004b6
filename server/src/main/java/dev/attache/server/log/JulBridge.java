package dev.attache.server.log;

import java.text.MessageFormat;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/**
 * Brings what libraries log by java.util.logging (gRPC does) into this log. A message with the
 * trace of a stack in its text, as gRPC prints each status with a cause, is one line unless the
 * component is logged at debug.
 */
final class JulBridge extends Handler {

    private static final Pattern FRAMES = Pattern.compile("(\\R\\s+(at |\\.\\.\\. )[^\\r\\n]*)+");
    private static final Pattern ENDS = Pattern.compile("\\R");

    private JulBridge() {}

    static void install() {
        Logger root = LogManager.getLogManager().getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.addHandler(new JulBridge());
    }

    @Override
    public void publish(java.util.logging.LogRecord record) {
        LogLevel level = of(record.getLevel());
        Logging.Component component = Logging.component(String.valueOf(record.getLoggerName()));
        if (!component.enabled(level)) {
            return;
        }
        Object[] parameters = record.getParameters();
        String message =
                parameters == null || parameters.length == 0
                        ? String.valueOf(record.getMessage())
                        : MessageFormat.format(String.valueOf(record.getMessage()), parameters);
        Logging.write(
                new LogRecord(
                        record.getInstant(),
                        level,
                        component.name(),
                        component.enabled(LogLevel.DEBUG) ? message : brief(message),
                        record.getThrown(),
                        record.getLongThreadID(),
                        new LogRecord.Source(
                                String.valueOf(record.getSourceClassName()).replace('.', '/')
                                        + ".java",
                                0,
                                String.valueOf(record.getSourceMethodName()))));
    }

    private static String brief(String message) {
        return message.indexOf('\n') < 0
                ? message
                : ENDS.matcher(FRAMES.matcher(message).replaceAll("")).replaceAll(" ").strip();
    }

    private static LogLevel of(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return LogLevel.ERROR;
        }
        if (value >= Level.WARNING.intValue()) {
            return LogLevel.WARNING;
        }
        if (value >= Level.INFO.intValue()) {
            return LogLevel.INFO;
        }
        return value >= Level.FINE.intValue() ? LogLevel.DEBUG : LogLevel.TRACE;
    }

    @Override
    public void flush() {
        Logging.flush();
    }

    @Override
    public void close() {}
}
