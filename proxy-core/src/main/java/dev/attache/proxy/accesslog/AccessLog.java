package dev.attache.proxy.accesslog;

import dev.attache.proxy.stream.format.FormatContext;

/**
 * One configured access log: an optional filter before a sink. Shared by all workers; {@link #log}
 * is called on the worker of the stream and must not block. New sinks are rooms that implement
 * this.
 */
public interface AccessLog {

    void log(FormatContext entry);

    /** What the process log calls it. */
    default String name() {
        return getClass().getName();
    }

    /** Has what is buffered written out soon; does not wait for it. Any thread. */
    default void flush() {}
}
