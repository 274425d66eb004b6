package dev.attache.server.log;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing to log. Immutable.
 *
 * @param source file and line of the call, e.g. {@code dev/attache/xds/Foo.java:12}, or null where
 *     the format does not ask for it
 * @param labels what goes with the message, by name
 */
record LogRecord(
        Instant at,
        LogLevel level,
        String component,
        String message,
        @Nullable Throwable thrown,
        long threadId,
        @Nullable Source source,
        List<Label> labels) {

    /** Without labels. */
    LogRecord(
            Instant at,
            LogLevel level,
            String component,
            String message,
            @Nullable Throwable thrown,
            long threadId,
            @Nullable Source source) {
        this(at, level, component, message, thrown, threadId, source, List.of());
    }

    /** A value beside the message. */
    record Label(String name, Object value) {}

    /** Where the call stands. */
    record Source(String file, int line, String method) {}
}
