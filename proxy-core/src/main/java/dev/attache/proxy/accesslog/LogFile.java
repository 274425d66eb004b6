package dev.attache.proxy.accesslog;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One file that access logs append to. Workers add lines to a buffer under a short lock; a thread
 * of the file's own, begun with its first line, writes it out when it is full enough or {@link
 * LogFiles} says that the flush interval is over. A file that takes nothing (a full disk, a pipe
 * that nobody reads) costs its lines, which are counted, and holds up no other file. Lines are ISO
 * 8859-1: what the peer sent comes out as it came.
 */
final class LogFile {

    /** What waits for a file that takes nothing: some of the heap, whatever its size. */
    private static final int MAX_BUFFERED =
            (int) Math.clamp(Runtime.getRuntime().maxMemory() / 32, 1 << 20, 16 << 20);

    /** What a buffer keeps when it is empty. */
    private static final int MAX_KEPT = 1 << 20;

    private static final int CHUNK = 64 * 1024;
    private static final int TYPE_MASK = 0170000;
    private static final int FIFO = 0010000;

    private final String path;
    private final int flushSize;
    private final LogFileStats stats;
    private StringBuilder filling = new StringBuilder();
    private StringBuilder writing = new StringBuilder();
    private OutputStream out;
    private @Nullable Thread writer;
    private boolean reopen;
    private boolean closed;

    /**
     * @param create whether it is opened, and made where it is not there; else one that could be
     *     does
     */
    LogFile(String path, int flushSize, LogFileStats stats, boolean create) throws IOException {
        this.path = path;
        this.flushSize = flushSize;
        this.stats = stats;
        this.out = create || !couldBeOpened() ? open() : OutputStream.nullOutputStream();
    }

    /** Where not, opening it says why. */
    private boolean couldBeOpened() {
        Path file = Path.of(path);
        if (Files.exists(file) || standardStream()) {
            return !Files.isDirectory(file) && Files.isWritable(file);
        }
        Path folder = file.toAbsolutePath().getParent();
        return folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
    }

    private OutputStream open() throws IOException {
        if (standardStream()) {
            return new FileOutputStream(
                    path.equals("/dev/stdout") ? FileDescriptor.out : FileDescriptor.err);
        }
        Path file = Path.of(path);
        if (isFifo(file)) {
            // Opened to be written alone it would wait for a reader, and with it whoever opens it.
            return new FileOutputStream(new RandomAccessFile(path, "rw").getFD());
        }
        return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static boolean isFifo(Path file) throws IOException {
        return Files.exists(file)
                && Files.getAttribute(file, "unix:mode") instanceof Integer mode
                && (mode & TYPE_MASK) == FIFO;
    }

    private boolean standardStream() {
        return path.equals("/dev/stdout") || path.equals("/dev/stderr");
    }

    /** Never waits for the file. */
    void append(CharSequence line) {
        int length = line.length();
        boolean full;
        synchronized (this) {
            if (closed || filling.length() + length > MAX_BUFFERED) {
                stats.dropped();
                return;
            }
            filling.append(line);
            full = filling.length() >= flushSize;
            if (writer == null) {
                begin();
            }
        }
        stats.buffered(length);
        if (full) {
            wake();
        }
    }

    private void begin() {
        writer = Thread.ofPlatform().daemon().name("AccessLogFlush").start(this::run);
    }

    synchronized void reopenOnNextWrite() {
        reopen = true;
        if (writer == null) {
            begin();
        }
        wake();
    }

    /** Has it write what there is, on its own thread. */
    void wake() {
        Thread begun;
        synchronized (this) {
            begun = filling.isEmpty() && !reopen && !closed ? null : writer;
        }
        LockSupport.unpark(begun);
    }

    /** Takes no more lines and ends once those there are have been written. */
    void close() {
        synchronized (this) {
            closed = true;
        }
        wake();
    }

    /** Waits until the last line is written; false where the file took it not in time. */
    boolean awaitWritten(Duration limit) throws InterruptedException {
        Thread begun;
        synchronized (this) {
            begun = writer;
        }
        return begun == null || begun.join(limit);
    }

    private void run() {
        while (write()) {
            LockSupport.park(this);
        }
    }

    /** Writes what there is; false: and that was the last. */
    private boolean write() {
        StringBuilder batch;
        boolean openAgain;
        boolean last;
        synchronized (this) {
            batch = filling;
            filling = writing;
            writing = batch;
            openAgain = reopen;
            reopen = false;
            last = closed;
        }
        try {
            if (openAgain && !standardStream()) {
                openAgain();
            }
            write(batch);
        } catch (IOException e) {
            stats.writeFailed(path, e);
        } catch (RuntimeException | Error e) {
            stats.writeFailed(path, new IOException(e));
        }
        batch.setLength(0);
        if (batch.capacity() > MAX_KEPT) {
            writing = new StringBuilder();
        }
        return !last;
    }

    private void write(StringBuilder batch) throws IOException {
        int done = 0;
        try {
            while (done < batch.length()) {
                int end = Math.min(batch.length(), done + CHUNK);
                out.write(batch.substring(done, end).getBytes(StandardCharsets.ISO_8859_1));
                stats.written(path, end - done);
                done = end;
            }
        } finally {
            stats.lost(batch.length() - done);
        }
    }

    /** Where the file cannot be opened again, what was open goes on. Standard streams stay. */
    private void openAgain() {
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
