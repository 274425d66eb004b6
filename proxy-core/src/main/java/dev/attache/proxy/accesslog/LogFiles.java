package dev.attache.proxy.accesslog;

import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stream.format.FormatContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Envoy's {@code AccessLogManager}: the open log files by path, one writer thread for all. Made at
 * start, closed at shutdown; any thread.
 */
public final class LogFiles implements AutoCloseable {

    private final long flushIntervalMillis;
    private final int flushSizeBytes;
    private final LogFileStats stats;
    private final Map<String, LogFile> files = new HashMap<>();
    private final Thread writer;
    private volatile boolean closed;

    /**
     * @param flushIntervalMillis {@code --file-flush-interval-msec}
     * @param flushSizeKb {@code --file-flush-min-size-kb}
     */
    public LogFiles(StatsStore store, long flushIntervalMillis, int flushSizeKb) {
        this.flushIntervalMillis = flushIntervalMillis;
        this.flushSizeBytes = flushSizeKb * 1024;
        this.stats = new LogFileStats(store.scope("filesystem."));
        this.writer = Thread.ofPlatform().daemon().name("AccessLogFlush").unstarted(this::run);
        writer.start();
    }

    /**
     * Opens {@code path}, or shares it when another log has it open.
     *
     * @throws IOException when it cannot be opened; the message names the path
     */
    public AccessLog open(String path, LogLineFormat format) throws IOException {
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
                    known =
                            new LogFile(
                                    path, flushSizeBytes, () -> LockSupport.unpark(writer), stats);
                } catch (IOException e) {
                    throw new IOException(
                            "unable to open file '" + path + "': " + e.getMessage(), e);
                }
                files.put(path, known);
            }
            return known;
        }
    }

    /** SIGUSR1 and {@code POST /reopen_logs}. */
    public void reopen() {
        for (LogFile file : all()) {
            file.reopenOnNextWrite();
        }
        LockSupport.unpark(writer);
    }

    public void flush() {
        all().forEach(LogFile::write);
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
            boolean byTimer = System.nanoTime() - due >= 0;
            for (LogFile file : all()) {
                if (byTimer) {
                    stats.flushedByTimer();
                }
                file.write();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(writer);
        flush();
    }

    private record FileLines(LogFile file) implements LineLog {

        @Override
        public void append(String line) {
            // Files are written as ISO 8859-1; what is beyond it goes out as UTF-8 all the same.
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            file.append(new String(bytes, StandardCharsets.ISO_8859_1) + '\n');
        }
    }

    private record FileAccessLog(LogFile file, LogLineFormat format) implements AccessLog {

        @Override
        public void log(FormatContext entry) {
            StringBuilder line = new StringBuilder(256);
            format.appendTo(line, entry);
            file.append(line);
        }

        @Override
        public void flush() {
            file.write();
        }
    }
}
