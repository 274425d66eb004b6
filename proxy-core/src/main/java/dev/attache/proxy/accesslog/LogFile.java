package dev.attache.proxy.accesslog;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One file that access logs append to. Workers add lines to a buffer under a short lock; {@link
 * LogFiles}' thread writes it out when it is full enough or the flush interval is over. Lines are
 * ISO 8859-1: what the peer sent comes out as it came.
 */
final class LogFile {

    private static final int MAX_BUFFERED = 16 * 1024 * 1024;

    private final String path;
    private final int flushSize;
    private final Runnable wakeWriter;
    private final LogFileStats stats;
    private StringBuilder filling = new StringBuilder();
    private StringBuilder writing = new StringBuilder();
    private OutputStream out;
    private boolean reopen;

    LogFile(String path, int flushSize, Runnable wakeWriter, LogFileStats stats)
            throws IOException {
        this.path = path;
        this.flushSize = flushSize;
        this.wakeWriter = wakeWriter;
        this.stats = stats;
        this.out = open();
    }

    private OutputStream open() throws IOException {
        return switch (path) {
            case "/dev/stdout" -> new java.io.FileOutputStream(java.io.FileDescriptor.out);
            case "/dev/stderr" -> new java.io.FileOutputStream(java.io.FileDescriptor.err);
            default ->
                    Files.newOutputStream(
                            Path.of(path), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        };
    }

    void append(CharSequence line) {
        int length = line.length();
        boolean full;
        synchronized (this) {
            if (filling.length() > MAX_BUFFERED) {
                stats.writeFailed();
                return;
            }
            filling.append(line);
            full = filling.length() >= flushSize;
        }
        stats.buffered(length);
        if (full) {
            wakeWriter.run();
        }
    }

    synchronized void reopenOnNextWrite() {
        reopen = true;
    }

    /** On the writer thread, or on any thread at shutdown. */
    void write() {
        synchronized (stats) {
            StringBuilder batch;
            boolean openAgain;
            synchronized (this) {
                batch = filling;
                filling = writing;
                writing = batch;
                openAgain = reopen;
                reopen = false;
            }
            if (openAgain) {
                openAgain();
            }
            try {
                if (!batch.isEmpty()) {
                    stats.taken(batch.length());
                    out.write(batch.toString().getBytes(StandardCharsets.ISO_8859_1));
                    out.flush();
                    stats.written();
                }
            } catch (IOException e) {
                stats.writeFailed(path, e);
            }
            batch.setLength(0);
        }
    }

    /** Where the file cannot be opened again, what was open goes on. Standard streams stay. */
    private void openAgain() {
        if (path.equals("/dev/stdout") || path.equals("/dev/stderr")) {
            return;
        }
        try {
            OutputStream next = open();
            out.close();
            out = next;
            stats.reopened();
        } catch (IOException e) {
            stats.reopenFailed(path, e);
        }
    }
}
