package dev.attache.iptables.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Locale;

/**
 * A system call of Linux on x86-64, made through libc's {@code syscall(2)} so that one native
 * method handle serves all of them. Safe from any thread; blocks as long as the call does.
 *
 * <p>Source: syscall(2), arch/x86/entry/syscalls/syscall_64.tbl of the kernel.
 */
enum SystemCall {
    CLOSE(3),
    IOCTL(16),
    SOCKET(41),
    SENDTO(44),
    RECVFROM(45),
    GETSOCKOPT(55),
    MOUNT(165),
    OPENAT(257),
    SETNS(308),
    BPF(321),
    PIDFD_OPEN(434),
    PIDFD_GETFD(438);

    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SYSCALL = link();

    private final long number;

    SystemCall(long number) {
        this.number = number;
    }

    private static MethodHandle link() {
        Linker linker = Linker.nativeLinker();
        MemorySegment address =
                linker.defaultLookup()
                        .find("syscall")
                        .orElseThrow(() -> new IllegalStateException("libc has no syscall(2)"));
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        return linker.downcallHandle(
                address,
                FunctionDescriptor.of(word, word, word, word, word, word, word),
                Linker.Option.firstVariadicArg(1),
                Linker.Option.captureCallState("errno"));
    }

    /**
     * Makes the call.
     *
     * @param what the operation in words, for the exception
     * @return what the kernel returned, never negative
     * @throws KernelException if the kernel refused
     */
    long call(String what, long a, long b, long c, long d, long e) throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = invoke(state, a, b, c, d, e);
            if (result < 0) {
                throw new KernelException(what, name().toLowerCase(Locale.ROOT), errno(state));
            }
            return result;
        }
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    private long invoke(MemorySegment state, long a, long b, long c, long d, long e) {
        requireSupported();
        try {
            return (long) SYSCALL.invokeExact(state, number, a, b, c, d, e);
        } catch (Throwable impossible) {
            throw new AssertionError("syscall(2) cannot throw", impossible);
        }
    }

    private static void requireSupported() {
        if (!Platform.IS_LINUX_X86_64) {
            throw new UnsupportedOperationException(
                    "system calls are known for Linux on x86-64 only, not for "
                            + Platform.DESCRIPTION);
        }
    }

    /** Where this process runs. */
    private static final class Platform {
        static final String DESCRIPTION =
                System.getProperty("os.name") + " on " + System.getProperty("os.arch");
        static final boolean IS_LINUX_X86_64 = DESCRIPTION.equals("Linux on amd64");

        private Platform() {}
    }
}
