package dev.attache.agent.names.datagram;

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

/** What Linux does with sockets of datagrams, by the foreign-function API. Any thread. */
final class SystemCalls {

    private static final StructLayout ERRNO = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_VALUE =
            ERRNO.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle SOCKET =
            function(
                    "socket",
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT);
    private static final MethodHandle SET_OPTION =
            function(
                    "setsockopt",
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT);
    private static final MethodHandle BIND =
            function(
                    "bind",
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT);
    private static final MethodHandle NAME =
            function(
                    "getsockname",
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS);
    private static final MethodHandle RECEIVE = message("recvmsg");
    private static final MethodHandle SEND = message("sendmsg");
    private static final MethodHandle TEXT =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("strerror"),
                            FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final int LONGEST_TEXT = 256;

    private SystemCalls() {}

    /** A socket's descriptor. */
    static int socket(int family, int type) throws IOException {
        return (int) checked("socket", SOCKET, family, type, 0);
    }

    static void option(int fd, int level, int name, int value) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocateFrom(ValueLayout.JAVA_INT, value);
            checked("setsockopt", SET_OPTION, fd, level, name, number, Integer.BYTES);
        }
    }

    /** Binds to an address, which then is what it was bound to. */
    static void bind(int fd, MemorySegment address) throws IOException {
        int size = (int) address.byteSize();
        checked("bind", BIND, fd, address, size);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, size);
            checked("getsockname", NAME, fd, address, length);
        }
    }

    /** How many bytes came; negative where nothing did. */
    static long receive(int fd, MemorySegment header) {
        try {
            return (long) RECEIVE.invokeExact(fd, header, 0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Whether it went out. */
    static boolean send(int fd, MemorySegment header) {
        try {
            return (long) SEND.invokeExact(fd, header, 0) >= 0;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Functions of C throw nothing. */
    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException known ? known : new IllegalStateException(e);
    }

    private static long checked(String what, MethodHandle function, Object... arguments)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(ERRNO);
            long result = call(function, errno, arguments);
            if (result < 0) {
                throw new IOException(what + ": " + text((int) ERRNO_VALUE.get(errno, 0L)));
            }
            return result;
        }
    }

    private static String text(int errno) {
        try {
            MemorySegment text = (MemorySegment) TEXT.invokeExact(errno);
            return text.reinterpret(LONGEST_TEXT).getString(0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static long call(MethodHandle function, MemorySegment errno, Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = errno;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        try {
            return ((Number) function.invokeWithArguments(all)).longValue();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** One on the way of each message: without errno. */
    private static MethodHandle message(String name) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT));
    }

    private static MethodHandle function(
            String name, MemoryLayout result, MemoryLayout... arguments) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"));
    }
}
