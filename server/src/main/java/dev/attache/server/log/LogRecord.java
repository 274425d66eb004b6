package dev.attache.server.log;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing to log. Immutable.
 *
 * @param source file and line of the call, e.g. {@code dev/attache/xds/Foo.java:12}, or null where
 *     the format does not ask for it
 */
record LogRecord(
        Instant at,
        LogLevel level,
        String component,
        String message,
        @Nullable Throwable thrown,
        long threadId,
        @Nullable Source source) {

    /** Where the call stands. */
    record Source(String file, int line, String method) {}
}
