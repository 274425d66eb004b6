package dev.attache.proxy.accesslog;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Scope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code filesystem.*}: buffered, written, failed, reopened. Any thread. */
final class LogFileStats {

    private static final Logger log = LoggerFactory.getLogger("file");

    private final Counter writeBuffered;
    private final Counter writeCompleted;
    private final Counter writeFailed;
    private final Counter reopenFailed;

    LogFileStats(Scope scope) {
        writeBuffered = scope.counter("write_buffered");
        writeCompleted = scope.counter("write_completed");
        writeFailed = scope.counter("write_failed");
        reopenFailed = scope.counter("reopen_failed");
    }

    void buffered() {
        writeBuffered.inc();
    }

    void written() {
        writeCompleted.inc();
    }

    void reopened() {
        log.debug("access log reopened");
    }

    void writeFailed() {
        writeFailed.inc();
    }

    void writeFailed(String path, java.io.IOException cause) {
        writeFailed.inc();
        reopenFailed.add(0);
        log.error("cannot write access log '{}': {}", path, cause.toString());
    }
}
