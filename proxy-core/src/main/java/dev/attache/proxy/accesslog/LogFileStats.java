package dev.attache.proxy.accesslog;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code filesystem.*}: buffered, written, failed, reopened, and what the process log says of it: a
 * file that fails once, then once a minute, and when it takes lines again. Any thread.
 */
final class LogFileStats {

    private static final Logger log = LoggerFactory.getLogger("file");
    private static final long SAY_AGAIN = TimeUnit.MINUTES.toNanos(1);

    private final Counter writeBuffered;
    private final Counter writeCompleted;
    private final Counter writeFailed;
    private final Counter reopenFailed;
    private final Counter flushedByTimer;
    private final Gauge writeTotalBuffered;

    /** When a failure of a file was last said, by path; no entry: it takes lines. */
    private final Map<String, Long> failing = new ConcurrentHashMap<>();

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

    void written(String path, int bytes) {
        writeTotalBuffered.add(-bytes);
        writeCompleted.inc();
        if (!failing.isEmpty() && failing.remove(path) != null) {
            log.info("access log '{}' is written again", path);
        }
    }

    /** What was buffered has left the buffer to nowhere. */
    void lost(int bytes) {
        writeTotalBuffered.add(-bytes);
    }

    void flushedByTimer() {
        flushedByTimer.inc();
    }

    void reopened() {
        log.debug("access log reopened");
    }

    /** A line for which there is no room, since the file does not take those before it. */
    void dropped() {
        writeFailed.inc();
    }

    void reopenFailed(String path, java.io.IOException cause) {
        reopenFailed.inc();
        log.error("cannot open access log '{}' again: {}", path, cause.toString());
    }

    void writeFailed(String path, java.io.IOException cause) {
        writeFailed.inc();
        long now = System.nanoTime();
        Long said = failing.get(path);
        if (said == null || now - said > SAY_AGAIN) {
            failing.put(path, now);
            log.error(
                    "cannot write access log '{}', its lines are lost and counted in"
                            + " filesystem.write_failed: {}",
                    path,
                    cause.toString());
        }
    }
}
