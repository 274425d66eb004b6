package dev.attache.xds.file;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Linux inotify(7) by the foreign-function API. The JDK's own watch service cannot tell a file that
 * was moved here from one that is being written, and exactly this difference decides whether it is
 * read.
 */
final class Inotify implements AutoCloseable {

    private static final int IN_CLOEXEC = 0x80000;
    private static final int IN_MOVED_TO = 0x80;
    private static final int IN_IGNORED = 0x8000;
    private static final int HEADER = 16;
    private static final int BUFFER = 64 * 1024;
    private static final int EINTR = 4;

    private static final StructLayout ERRNO = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_VALUE =
            ERRNO.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle INIT =
            function("inotify_init1", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle ADD =
            function(
                    "inotify_add_watch",
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT);
    private static final MethodHandle REMOVE =
            function(
                    "inotify_rm_watch",
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT);
    private static final MethodHandle READ =
            function(
                    "read",
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG);
    private static final MethodHandle CLOSE =
            function("close", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);

    /** Something was moved into a watched directory, or (no name) the watch has ended. */
    record Moved(int watch, String name) {}

    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(BUFFER, 8);
    private final MemorySegment readErrno = arena.allocate(ERRNO);
    private final int fd;

    Inotify() throws IOException {
        MemorySegment errno = arena.allocate(ERRNO);
        fd = (int) call(INIT, errno, IN_CLOEXEC);
        check(fd, errno, "inotify_init1");
    }

    /** Starts watching a directory for moves into it; returns the watch's number. */
    int watch(Path directory) throws IOException {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment errno = call.allocate(ERRNO);
            MemorySegment path = call.allocateFrom(directory.toString());
            int watch = (int) call(ADD, errno, fd, path, IN_MOVED_TO);
            check(watch, errno, "inotify_add_watch " + directory);
            return watch;
        }
    }

    void unwatch(int watch) throws IOException {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment errno = call.allocate(ERRNO);
            check((int) call(REMOVE, errno, fd, watch), errno, "inotify_rm_watch");
        }
    }

    /** Blocks until something happens. One thread only. */
    List<Moved> take() throws IOException {
        long length = (long) call(READ, readErrno, fd, buffer, (long) BUFFER);
        if (length < 0 && (int) ERRNO_VALUE.get(readErrno, 0L) == EINTR) {
            return List.of();
        }
        check(length, readErrno, "read inotify");
        List<Moved> moved = new ArrayList<>();
        for (long at = 0; at + HEADER <= length; ) {
            int watch = buffer.get(ValueLayout.JAVA_INT_UNALIGNED, at);
            int mask = buffer.get(ValueLayout.JAVA_INT_UNALIGNED, at + 4);
            int nameLength = buffer.get(ValueLayout.JAVA_INT_UNALIGNED, at + 12);
            if ((mask & (IN_MOVED_TO | IN_IGNORED)) != 0) {
                moved.add(new Moved(watch, nameLength == 0 ? "" : buffer.getString(at + HEADER)));
            }
            at += HEADER + nameLength;
        }
        return moved;
    }

    /** Only after the reading thread has left {@link #take} for good. */
    @Override
    public void close() throws IOException {
        MemorySegment errno = arena.allocate(ERRNO);
        int result = (int) call(CLOSE, errno, fd);
        int code = (int) ERRNO_VALUE.get(errno, 0L);
        arena.close();
        if (result < 0) {
            throw new IOException("close inotify: errno " + code);
        }
    }

    private static void check(long result, MemorySegment errno, String what) throws IOException {
        if (result < 0) {
            throw new IOException(what + ": errno " + (int) ERRNO_VALUE.get(errno, 0L));
        }
    }

    private static MethodHandle function(
            String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"));
    }

    private static Object call(MethodHandle function, Object... arguments) throws IOException {
        try {
            return function.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IOException(e);
        }
    }
}
