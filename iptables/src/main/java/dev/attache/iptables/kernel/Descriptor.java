package dev.attache.iptables.kernel;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * An open file descriptor, closed once. Owned by who opened it; not for use from several threads.
 */
public final class Descriptor implements AutoCloseable {
    private static final int AT_FDCWD = -100;
    private static final int O_CLOEXEC = 0x80000;

    private final int number;
    private boolean closed;

    Descriptor(long number) {
        this.number = Math.toIntExact(number);
    }

    /**
     * Opens a path for reading: a cgroup's directory, a network namespace's file.
     *
     * @throws KernelException if it cannot be opened
     */
    public static Descriptor open(Path path) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            long name = arena.allocateFrom(path.toString()).address();
            return new Descriptor(
                    SystemCall.OPENAT.call("open " + path, AT_FDCWD, name, O_CLOEXEC, 0, 0));
        }
    }

    /** Returns the number that the kernel knows it by. */
    public int number() {
        if (closed) {
            throw new IllegalStateException("descriptor " + number + " is closed");
        }
        return number;
    }

    /**
     * Closes it; a second call does nothing.
     *
     * @throws KernelException if the kernel reports an error, which close(2) does for bad numbers
     */
    @Override
    public void close() throws KernelException {
        if (!closed) {
            closed = true;
            SystemCall.CLOSE.call("close descriptor " + number, number, 0, 0, 0, 0);
        }
    }
}
