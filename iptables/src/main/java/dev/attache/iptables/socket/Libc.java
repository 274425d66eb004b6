package dev.attache.iptables.socket;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * libc's socket functions. Each blocks its thread as libc does and is safe from any thread.
 *
 * <p>Source: socket(2), bind(2), listen(2), accept(2), connect(2), setsockopt(2), recv(2), send(2),
 * setfsuid(2).
 */
enum Libc {
    SOCKET("socket", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
    BIND("bind", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
    LISTEN("listen", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
    ACCEPT("accept", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
    CONNECT("connect", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
    GETSOCKNAME("getsockname", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
    SETSOCKOPT(
            "setsockopt",
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_INT),
    RECV(
            "recv",
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT),
    SEND(
            "send",
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT),
    SHUTDOWN("shutdown", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
    SETFSUID("setfsuid", ValueLayout.JAVA_INT),
    CLOSE("close", ValueLayout.JAVA_INT);

    static final int EINTR = 4;
    static final int EAGAIN = 11;

    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private final String function;
    private final MethodHandle handle;

    Libc(String function, MemoryLayout... arguments) {
        this.function = function;
        Linker linker = Linker.nativeLinker();
        boolean sized = function.equals("recv") || function.equals("send");
        MemoryLayout result = sized ? ValueLayout.JAVA_LONG : ValueLayout.JAVA_INT;
        this.handle =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow(function),
                        FunctionDescriptor.of(result, arguments),
                        Linker.Option.captureCallState("errno"));
    }

    /** A failed call, with its error number. */
    static final class Failure extends IOException {
        private static final long serialVersionUID = 1L;
        private final int errno;

        Failure(String function, String what, int errno) {
            super(function + " " + what + ": errno " + errno + meaning(errno));
            this.errno = errno;
        }

        int errno() {
            return errno;
        }

        private static String meaning(int errno) {
            return switch (errno) {
                case 1 -> " (operation not permitted)";
                case 2 -> " (no such entry)";
                case EAGAIN -> " (timed out)";
                case 13 -> " (permission denied)";
                case 98 -> " (address already in use)";
                case 99 -> " (cannot assign requested address)";
                case 104 -> " (connection reset by peer)";
                case 110 -> " (connection timed out)";
                case 111 -> " (connection refused)";
                case 113 -> " (no route to host)";
                default -> "";
            };
        }
    }

    /**
     * Calls the function, again if a signal interrupted it.
     *
     * @param what for the message of a failure
     * @return its result, not negative
     * @throws Failure with the error number
     */
    long call(String what, Object... arguments) throws Failure {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            Object[] all = new Object[arguments.length + 1];
            all[0] = state;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            while (true) {
                long result = ((Number) invoke(all)).longValue();
                if (result >= 0) {
                    return result;
                }
                int errno = (int) ERRNO.get(state, 0L);
                if (errno != EINTR) {
                    throw new Failure(function, what, errno);
                }
            }
        }
    }

    private Object invoke(Object[] arguments) {
        try {
            return handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot call " + function, e);
        }
    }
}
