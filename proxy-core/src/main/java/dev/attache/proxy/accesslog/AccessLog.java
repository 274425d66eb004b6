package dev.attache.proxy.accesslog;

import dev.attache.proxy.stream.format.FormatContext;

/**
 * An access log as it is written to on one worker: {@link #log} is called on the worker of the
 * stream and must not block. New sinks are rooms that implement this.
 */
@FunctionalInterface
public interface AccessLog {

    void log(FormatContext entry);

    /** What the process log calls it. */
    default String name() {
        return getClass().getName();
    }

    /** Has what is buffered written out soon; does not wait for it. */
    default void flush() {}
}
