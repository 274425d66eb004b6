package dev.attache.server.log;

import java.text.MessageFormat;
import java.time.Instant;
import java.util.MissingResourceException;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * Brings what the JDK logs by {@link System.Logger} into this log. It is also what the JDK looks
 * for in every jar of the class path, to the last one where there is none, when something first
 * asks for java.util.logging, as protobuf does at each start: it stands in the first jar.
 */
public final class SystemLoggers extends System.LoggerFinder {

    /** For ServiceLoader. */
    public SystemLoggers() {}

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new ComponentSystemLogger(name, Logging.component(name));
    }

    /** A logger of one component. */
    private record ComponentSystemLogger(String name, Logging.Component component)
            implements System.Logger {

        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            return level != Level.OFF && component.enabled(of(level));
        }

        @Override
        public void log(
                Level level,
                @Nullable ResourceBundle texts,
                @Nullable String message,
                @Nullable Throwable thrown) {
            if (isLoggable(level)) {
                write(level, translated(texts, message), thrown);
            }
        }

        @Override
        public void log(
                Level level,
                @Nullable ResourceBundle texts,
                @Nullable String format,
                @Nullable Object @Nullable ... parameters) {
            if (isLoggable(level)) {
                String pattern = translated(texts, format);
                boolean plain = parameters == null || parameters.length == 0;
                write(level, plain ? pattern : MessageFormat.format(pattern, parameters), null);
            }
        }

        private void write(Level level, String message, @Nullable Throwable thrown) {
            Logging.write(
                    new LogRecord(
                            Instant.now(),
                            of(level),
                            component.name(),
                            message,
                            thrown,
                            Thread.currentThread().threadId(),
                            Logging.needsSource(component)
                                    ? new LogRecord.Source(name.replace('.', '/') + ".java", 0, "")
                                    : null));
        }

        private static String translated(@Nullable ResourceBundle texts, @Nullable String key) {
            if (texts == null || key == null) {
                return String.valueOf(key);
            }
            try {
                return texts.getString(key);
            } catch (MissingResourceException e) {
                return key;
            }
        }

        private static LogLevel of(Level level) {
            return switch (level) {
                case ALL, TRACE -> LogLevel.TRACE;
                case DEBUG -> LogLevel.DEBUG;
                case INFO -> LogLevel.INFO;
                case WARNING -> LogLevel.WARNING;
                case ERROR, OFF -> LogLevel.ERROR;
            };
        }
    }
}
