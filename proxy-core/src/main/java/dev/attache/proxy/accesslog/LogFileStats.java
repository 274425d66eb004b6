package dev.attache.proxy.accesslog;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
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
    private final Counter flushedByTimer;
    private final Gauge writeTotalBuffered;

    LogFileStats(Scope scope) {
        writeBuffered = scope.counter("write_buffered");
        writeCompleted = scope.counter("write_completed");
        writeFailed = scope.counter("write_failed");
        reopenFailed = scope.counter("reopen_failed");
        flushedByTimer = scope.counter("flushed_by_timer");
        writeTotalBuffered = scope.gauge("write_total_buffered");
    }

    void buffered(int bytes) {
        writeBuffered.inc();
        writeTotalBuffered.add(bytes);
    }

    /** What was buffered has left the buffer, to the file or to nowhere. */
    void taken(int bytes) {
        writeTotalBuffered.add(-bytes);
    }

    void written() {
        writeCompleted.inc();
    }

    void flushedByTimer() {
        flushedByTimer.inc();
    }

    void reopened() {
        log.debug("access log reopened");
    }

    void writeFailed() {
        writeFailed.inc();
    }

    void reopenFailed(String path, java.io.IOException cause) {
        reopenFailed.inc();
        log.error("cannot open access log '{}' again: {}", path, cause.toString());
    }

    void writeFailed(String path, java.io.IOException cause) {
        writeFailed.inc();
        log.error("cannot write access log '{}': {}", path, cause.toString());
    }
}
