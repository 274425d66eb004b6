package dev.attache.proxy.accesslog;

/**
 * One configured access log: an optional filter before a sink. Immutable, any thread. It is opened
 * where entries are written; those that any thread may write to are the same everywhere.
 */
@FunctionalInterface
public interface AccessLogSpec {

    /**
     * This log on one worker, on whose loop this is called; what it holds there goes when the scope
     * says so.
     */
    AccessLog open(AccessLogScope scope);

    /** Whether what is opened may be written to by any thread, and asks nothing of its scope. */
    default boolean isForAnyThread() {
        return false;
    }
}
