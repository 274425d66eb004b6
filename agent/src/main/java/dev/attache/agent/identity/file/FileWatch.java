package dev.attache.agent.identity.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices files that change, wherever they lie: it looks at what their names lead to, several times
 * a second, so that links that are swapped ({@code ..data} of a mounted secret), files that are
 * replaced, removed and made again, and file systems that tell nobody are all the same. Listeners
 * are called on its own thread once a file has stayed as it is for the debounce. Any thread.
 */
public final class FileWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("agent.cache");
    private static final Duration LONGEST_PERIOD = Duration.ofMillis(250);
    private static final Duration SHORTEST_PERIOD = Duration.ofMillis(10);

    private final Duration debounce;
    private final Duration period;
    private final Map<Path, Watched> files = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param debounce how long a file has to stay as it is ({@code FILE_DEBOUNCE_DURATION})
     */
    public FileWatch(Duration debounce) {
        this.debounce = debounce;
        Duration most = debounce.compareTo(LONGEST_PERIOD) < 0 ? debounce : LONGEST_PERIOD;
        this.period = most.compareTo(SHORTEST_PERIOD) < 0 ? SHORTEST_PERIOD : most;
        this.thread = Thread.ofVirtual().name("file-watch").start(this::run);
    }

    /** Calls the listener when the file has become another, from now on. */
    public void watch(Path file, Runnable listener) {
        files.computeIfAbsent(file, path -> new Watched(Stamp.of(path))).listeners.add(listener);
    }

    private void run() {
        while (!closed) {
            try {
                Thread.sleep(period);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return; // closed
            }
            List<Runnable> due = new ArrayList<>();
            files.forEach((path, watched) -> {
                if (watched.settled(Stamp.of(path), debounce)) {
                    due.addAll(watched.listeners);
                }
            });
            due.forEach(FileWatch::tell);
        }
    }

    /** One that fails keeps nobody else from hearing of changes, now or later. */
    private static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.error("what watches a file has failed; the next change is told to it again", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    /** A file and what it was; of the watching thread but for the listeners. */
    private static final class Watched {
        final List<Runnable> listeners = new CopyOnWriteArrayList<>();
        private @Nullable Stamp told;
        private @Nullable Stamp seen;
        private long since;

        Watched(@Nullable Stamp now) {
            told = now;
            seen = now;
        }

        boolean settled(@Nullable Stamp now, Duration debounce) {
            if (!java.util.Objects.equals(now, seen)) {
                seen = now;
                since = System.nanoTime();
                return false;
            }
            if (now == null || now.equals(told) || System.nanoTime() - since < debounce.toNanos()) {
                return false; // one that is gone is not read: what it held stays
            }
            told = now;
            return true;
        }
    }

    /** What tells a file from what it was. */
    private record Stamp(Path real, @Nullable Object key, long size, long modified) {

        static @Nullable Stamp of(Path file) {
            try {
                Path real = file.toRealPath();
                BasicFileAttributes facts = Files.readAttributes(real, BasicFileAttributes.class);
                return new Stamp(
                        real,
                        facts.fileKey(),
                        facts.size(),
                        facts.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS));
            } catch (IOException e) {
                return null; // it is not there now
            }
        }
    }
}
