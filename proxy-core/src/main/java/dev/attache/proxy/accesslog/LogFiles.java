package dev.attache.proxy.accesslog;

import dev.attache.proxy.log.LineLog;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stream.format.FormatContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Envoy's {@code AccessLogManager}: the open log files by path, and the thread that keeps their
 * flush interval. Made at start, closed at shutdown; any thread.
 */
public final class LogFiles implements AutoCloseable {

    /** What the last lines may take at shutdown, all files together. */
    private static final long CLOSE_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger("file");

    private final long flushIntervalMillis;
    private final int flushSizeBytes;
    private final LogFileStats stats;
    private final boolean create;
    private final Map<String, LogFile> files = new HashMap<>();
    private final Thread timer;
    private volatile boolean closed;

    /**
     * @param flushIntervalMillis {@code --file-flush-interval-msec}
     * @param flushSizeKb {@code --file-flush-min-size-kb}
     */
    public LogFiles(StatsStore store, long flushIntervalMillis, int flushSizeKb) {
        this(store, flushIntervalMillis, flushSizeKb, true);
    }

    /**
     * For a configuration that is only looked at: files are not made, since who looks may be root.
     */
    public static LogFiles looking(StatsStore store) {
        return new LogFiles(store, TimeUnit.HOURS.toMillis(1), 0, false);
    }

    private LogFiles(StatsStore store, long flushIntervalMillis, int flushSizeKb, boolean create) {
        this.create = create;
        this.flushIntervalMillis = flushIntervalMillis;
        this.flushSizeBytes = flushSizeKb * 1024;
        this.stats = new LogFileStats(store.scope("filesystem."));
        this.timer = Thread.ofPlatform().daemon().name("AccessLogTimer").unstarted(this::run);
        timer.start();
    }

    /**
     * Opens {@code path}, or shares it when another log has it open.
     *
     * @throws IOException when it cannot be opened; the message names the path
     */
    public AccessLogSpec open(String path, LogLineFormat format) throws IOException {
        return new FileAccessLog(file(path), format);
    }

    /**
     * Opens {@code path} for lines that are ready, or shares it likewise.
     *
     * @throws IOException as {@link #open}
     */
    public LineLog openLines(String path) throws IOException {
        return new FileLines(file(path));
    }

    private LogFile file(String path) throws IOException {
        synchronized (files) {
            LogFile known = files.get(path);
            if (known == null) {
                try {
                    known = new LogFile(path, flushSizeBytes, stats, create);
                } catch (IOException | InvalidPathException e) {
                    throw new IOException("unable to open file '" + path + "': " + reason(e), e);
                }
                files.put(path, known);
            }
            return known;
        }
    }

    /** As strerror(3): of some failures the JDK tells only the file. */
    private static @Nullable String reason(Exception e) {
        return switch (e) {
            case NoSuchFileException missing -> "No such file or directory";
            case AccessDeniedException denied -> "Permission denied";
            case FileSystemException failed when failed.getReason() != null -> failed.getReason();
            default -> e.getMessage();
        };
    }

    /** SIGUSR1 and {@code POST /reopen_logs}: opens the files anew, on their own threads. */
    public void reopen() {
        all().forEach(LogFile::reopenOnNextWrite);
    }

    private List<LogFile> all() {
        synchronized (files) {
            return List.copyOf(files.values());
        }
    }

    private void run() {
        while (!closed) {
            long due = System.nanoTime() + flushIntervalMillis * 1_000_000;
            LockSupport.parkNanos(this, flushIntervalMillis * 1_000_000);
            if (System.nanoTime() - due < 0) {
                continue;
            }
            for (LogFile file : all()) {
                stats.flushedByTimer();
                file.wake();
            }
        }
    }

    /** Writes the last lines; a file that does not take them for a second loses them. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(timer);
        List<LogFile> open = all();
        open.forEach(LogFile::close);
        long deadline = System.nanoTime() + CLOSE_LIMIT_NANOS;
        try {
            for (LogFile file : open) {
                long left = Math.max(1, deadline - System.nanoTime());
                if (!file.awaitWritten(Duration.ofNanos(left))) {
                    LOG.warn("an access log does not take its last lines: they are lost");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record FileLines(LogFile file) implements LineLog {

        @Override
        public void append(String line) {
            // Files are written as ISO 8859-1; what is beyond it goes out as UTF-8 all the same.
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            file.append(new String(bytes, StandardCharsets.ISO_8859_1) + '\n');
        }
    }

    private record FileAccessLog(LogFile file, LogLineFormat format)
            implements AccessLogSpec, AccessLog {

        @Override
        public AccessLog open(AccessLogScope scope) {
            return this;
        }

        @Override
        public boolean isForAnyThread() {
            return true;
        }

        @Override
        public void log(FormatContext entry) {
            StringBuilder line = new StringBuilder(256);
            format.appendTo(line, entry);
            file.append(line);
        }

        @Override
        public void flush() {
            file.wake();
        }
    }
}
