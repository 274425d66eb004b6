package dev.attache.xds.file;

import dev.attache.xds.MainLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells on the main loop when a file has been replaced by a move, which is how Envoy expects files
 * to be updated: a write in place is never noticed, since it could be half done. Create and close
 * it on any thread, register on the main loop.
 */
public final class FileWatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("file");

    /** A callback in force. */
    @FunctionalInterface
    public interface Registration {
        void cancel();
    }

    private record Watched(@Nullable String name, Runnable action) {}

    private final MainLoop loop;
    private final Map<Integer, LinkedHashSet<Watched>> watches = new HashMap<>();
    private @Nullable Inotify inotify;
    private @Nullable Thread thread;
    private volatile boolean closed;

    public FileWatcher(MainLoop loop) {
        this.loop = loop;
    }

    /**
     * Calls back when something is moved over (or to) this file's path.
     *
     * @throws IOException if the directory cannot be watched
     */
    public Registration onReplaced(Path file, Runnable action) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path directory = absolute.getParent();
        Path name = absolute.getFileName();
        if (directory == null || name == null) {
            throw new IOException(file + " is no file");
        }
        return register(directory, new Watched(name.toString(), action));
    }

    /**
     * Calls back when anything is moved into the directory ({@code watched_directory}): this is
     * what the swap of a symbolic link, as Kubernetes does it, looks like.
     *
     * @throws IOException if the directory cannot be watched
     */
    public Registration onAnyMoveInto(Path directory, Runnable action) throws IOException {
        return register(directory.toAbsolutePath(), new Watched(null, action));
    }

    private synchronized Registration register(Path directory, Watched watched) throws IOException {
        Inotify current = inotify;
        if (current == null) {
            current = new Inotify();
            inotify = current;
        }
        int watch = current.watch(directory);
        watches.computeIfAbsent(watch, w -> new LinkedHashSet<>()).add(watched);
        if (thread == null) {
            Inotify reading = current;
            Thread reader = new Thread(() -> read(reading), "file-watcher");
            reader.setDaemon(true);
            reader.start();
            thread = reader;
        }
        return () -> cancel(watch, watched);
    }

    private synchronized void cancel(int watch, Watched watched) {
        LinkedHashSet<Watched> registered = watches.get(watch);
        if (registered != null) {
            registered.remove(watched);
        }
    }

    private void read(Inotify from) {
        try {
            while (!closed) {
                List<Inotify.Moved> moved = from.take();
                moved.forEach(this::dispatch);
            }
        } catch (IOException e) {
            LOG.error("files are no longer watched", e);
        }
    }

    private synchronized void dispatch(Inotify.Moved moved) {
        if (closed || moved.name().isEmpty()) {
            return;
        }
        for (Watched watched : watches.getOrDefault(moved.watch(), new LinkedHashSet<>())) {
            if (watched.name == null || watched.name.equals(moved.name())) {
                loop.execute(() -> run(moved.watch(), watched));
            }
        }
    }

    private void run(int watch, Watched watched) {
        boolean registered;
        synchronized (this) {
            registered =
                    !closed && watches.getOrDefault(watch, new LinkedHashSet<>()).contains(watched);
        }
        if (registered) {
            watched.action.run();
        }
    }

    /** Ends all registrations and the reading thread. */
    @Override
    public void close() {
        Thread reader;
        Inotify current;
        synchronized (this) {
            closed = true;
            reader = thread;
            current = inotify;
            if (current != null) {
                removeAll(current);
            }
        }
        if (reader == null || current == null) {
            return;
        }
        try {
            reader.join(5_000);
            if (!reader.isAlive()) {
                current.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("inotify could not be closed", e);
        }
    }

    /** Removing a watch also wakes the reader: the kernel says that the watch is gone. */
    private void removeAll(Inotify from) {
        for (int watch : watches.keySet()) {
            try {
                from.unwatch(watch);
            } catch (IOException e) {
                LOG.debug("watch was gone already", e);
            }
        }
        watches.clear();
    }
}
