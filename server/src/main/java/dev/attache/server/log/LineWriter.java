package dev.attache.server.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes lines to a standard stream or a file on a thread of its own. {@link #write} never blocks:
 * when too much waits (nobody reads the pipe) the line is dropped, counted, and the loss reported
 * once there is room again. Nothing that goes wrong ends the thread.
 */
final class LineWriter {

    private static final int CAPACITY = 16 * 1024;

    /** Characters that wait at most: some lines are whole stacks. */
    private static final long MAX_WAITING = 2 << 20;

    /** What {@link #flush} waits at most. */
    private static final long FLUSH_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ArrayBlockingQueue<Object> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final FileDescriptor standard;
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private volatile String path = "";
    private volatile boolean reopen = true;
    private @Nullable OutputStream out;
    private boolean ownsFile;

    /**
     * @param standard the stream for lines while no file is named
     */
    LineWriter(FileDescriptor standard) {
        this.standard = standard;
        Thread thread = new Thread(this::run, "log-writer");
        thread.setDaemon(true);
        thread.start();
    }

    /** Any thread. */
    void write(String line) {
        if (waiting.get() > MAX_WAITING || !queue.offer(line)) {
            dropped.incrementAndGet();
        } else {
            waiting.addAndGet(line.length());
        }
    }

    /** Directs further lines to a file; empty = the standard stream. */
    void path(String next) {
        flush();
        path = next;
        reopen = true;
    }

    /**
     * Makes a file that is to be written.
     *
     * @throws IOException if it cannot be
     */
    static void create(String path) throws IOException {
        Files.newOutputStream(Path.of(path), StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                .close();
    }

    /** Opens the file anew, after it has been moved away. */
    void reopen() {
        flush();
        reopen = true;
    }

    /** Waits up to a second until everything written so far has left; false where it has not. */
    boolean flush() {
        long deadline = System.nanoTime() + FLUSH_LIMIT_NANOS;
        CountDownLatch mark = new CountDownLatch(1);
        try {
            return queue.offer(mark, FLUSH_LIMIT_NANOS, TimeUnit.NANOSECONDS)
                    && mark.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run() {
        try {
            while (true) {
                write(queue.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(Object first) {
        StringBuilder batch = new StringBuilder();
        Object next = first;
        CountDownLatch mark = null;
        while (next != null) {
            if (next instanceof CountDownLatch latch) {
                mark = latch;
                break;
            }
            batch.append(next).append('\n');
            waiting.addAndGet(-((String) next).length());
            next = batch.length() < 64 * 1024 ? queue.poll() : null;
        }
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            batch.append("log: ").append(lost).append(" lines dropped, the queue was full\n");
        }
        try {
            OutputStream current = out();
            current.write(batch.toString().getBytes(StandardCharsets.UTF_8));
            current.flush();
        } catch (IOException | RuntimeException | Error e) {
            // Nowhere to report it: the log itself is broken. The next line tries again.
            reopen = true;
        } finally {
            if (mark != null) {
                mark.countDown();
            }
        }
    }

    private OutputStream out() throws IOException {
        OutputStream current = out;
        if (current != null && !reopen) {
            return current;
        }
        reopen = false;
        String file = path;
        OutputStream opened =
                file.isEmpty() ? new FileOutputStream(standard) : new FileOutputStream(file, true);
        if (current != null && ownsFile) {
            current.close();
        }
        ownsFile = !file.isEmpty();
        out = opened;
        return opened;
    }
}
