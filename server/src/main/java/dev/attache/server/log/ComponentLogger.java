package dev.attache.server.log;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** An SLF4J logger of one component. */
final class ComponentLogger extends LegacyAbstractLogger implements LoggingEventAware {
    private static final long serialVersionUID = 1L;

    private static final StackWalker STACK = StackWalker.getInstance();
    private static final String FQCN = ComponentLogger.class.getName();

    private final transient Logging.Component component;

    ComponentLogger(String name) {
        this.name = name;
        this.component = Logging.component(name);
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return FQCN;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String pattern,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        String message =
                arguments == null
                        ? String.valueOf(pattern)
                        : MessageFormatter.basicArrayFormat(pattern, arguments);
        write(Critical.is(marker) ? LogLevel.CRITICAL : of(level), message, thrown, List.of());
    }

    /** What comes with labels. */
    @Override
    public void log(LoggingEvent event) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        Object[] arguments = event.getArgumentArray();
        write(
                of(event.getLevel()),
                arguments == null
                        ? String.valueOf(event.getMessage())
                        : MessageFormatter.basicArrayFormat(event.getMessage(), arguments),
                event.getThrowable(),
                pairs == null
                        ? List.of()
                        : pairs.stream()
                                .map(pair -> new LogRecord.Label(pair.key, pair.value))
                                .toList());
    }

    private void write(
            LogLevel level,
            String message,
            @Nullable Throwable thrown,
            List<LogRecord.Label> labels) {
        Logging.write(
                new LogRecord(
                        Instant.now(),
                        level,
                        component.name(),
                        message,
                        thrown,
                        Thread.currentThread().threadId(),
                        Logging.needsSource(component) ? source() : null,
                        labels));
    }

    private static LogLevel of(Level level) {
        return switch (level) {
            case TRACE -> LogLevel.TRACE;
            case DEBUG -> LogLevel.DEBUG;
            case INFO -> LogLevel.INFO;
            case WARN -> LogLevel.WARNING;
            case ERROR -> LogLevel.ERROR;
        };
    }

    private static LogRecord.@Nullable Source source() {
        Optional<StackWalker.StackFrame> caller =
                STACK.walk(
                        frames -> frames.filter(frame -> !ours(frame.getClassName())).findFirst());
        return caller.map(frame ->
                        new LogRecord.Source(
                                file(frame), frame.getLineNumber(), frame.getMethodName()))
                .orElse(null);
    }

    private static boolean ours(String className) {
        return className.startsWith("org.slf4j.")
                || className.startsWith(FQCN)
                || className.startsWith("dev.attache.proxy.log.")
                || className.startsWith("io.netty.util.internal.logging.");
    }

    private static String file(StackWalker.StackFrame frame) {
        String className = frame.getClassName();
        int dot = className.lastIndexOf('.');
        String directory = dot < 0 ? "" : className.substring(0, dot + 1).replace('.', '/');
        return directory + frame.getFileName();
    }

    @Override
    public boolean isTraceEnabled() {
        return component.enabled(LogLevel.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return component.enabled(LogLevel.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return component.enabled(LogLevel.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return component.enabled(LogLevel.WARNING);
    }

    @Override
    public boolean isErrorEnabled() {
        return component.enabled(LogLevel.ERROR);
    }
}
