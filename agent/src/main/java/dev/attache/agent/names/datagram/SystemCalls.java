package dev.attache.agent.names.datagram;

import dev.attache.agent.libc.LibcFunction;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** What Linux does with sockets of datagrams, by the foreign-function API. Any thread. */
final class SystemCalls {

    private static final LibcFunction SOCKET =
            LibcFunction.of(
                    "socket", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final LibcFunction SET_OPTION =
            LibcFunction.of(
                    "setsockopt",
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT);
    private static final LibcFunction BIND =
            LibcFunction.of(
                    "bind", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final LibcFunction NAME =
            LibcFunction.of(
                    "getsockname", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
    private static final FunctionDescriptor MESSAGE =
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT);
    private static final MethodHandle RECEIVE = LibcFunction.link("recvmsg", MESSAGE);
    private static final MethodHandle SEND = LibcFunction.link("sendmsg", MESSAGE);

    private SystemCalls() {}

    /** A socket's descriptor. */
    static int socket(int family, int type) throws IOException {
        return SOCKET.call(family, type, 0);
    }

    static void option(int fd, int level, int name, int value) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocateFrom(ValueLayout.JAVA_INT, value);
            SET_OPTION.call(fd, level, name, number, Integer.BYTES);
        }
    }

    /** Binds to an address, which then is what it was bound to. */
    static void bind(int fd, MemorySegment address) throws IOException {
        int size = (int) address.byteSize();
        BIND.call(fd, address, size);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, size);
            NAME.call(fd, address, length);
        }
    }

    /** How many bytes came; negative where nothing did. */
    static long receive(int fd, MemorySegment header) {
        try {
            return (long) RECEIVE.invokeExact(fd, header, 0);
        } catch (Throwable e) {
            throw LibcFunction.unexpected(e);
        }
    }

    /** Whether it went out. */
    static boolean send(int fd, MemorySegment header) {
        try {
            return (long) SEND.invokeExact(fd, header, 0) >= 0;
        } catch (Throwable e) {
            throw LibcFunction.unexpected(e);
        }
    }
}
