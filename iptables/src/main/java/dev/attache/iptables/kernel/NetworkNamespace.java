package dev.attache.iptables.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs a piece of work inside a network namespace, on a thread of its own, because setns(2) moves
 * one thread and a pooled thread must not stay moved.
 */
public final class NetworkNamespace {
    private static final int CLONE_NEWNET = 0x40000000;

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int SIOCSIFADDR = 0x8916;
    private static final int SIOCDIFADDR = 0x8936;
    private static final int LOOPBACK_INDEX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_NETNS_COOKIE = 71;
    private static final int SIOCGIFINDEX = 0x8933;
    private static final int INTERFACE_NAME_BYTES = 16;
    private static final int INTERFACE_REQUEST_BYTES = 40;

    private NetworkNamespace() {}

    /**
     * Returns the number by which BPF programs tell the calling thread's namespace from others.
     *
     * @throws KernelException if the kernel is older than 5.14
     */
    public static long cookie() throws KernelException {
        try (Arena arena = Arena.ofConfined();
                Descriptor socket = socket()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_LONG);
            SystemCall.GETSOCKOPT.call(
                    "ask for the cookie of the network namespace",
                    socket.number(),
                    SOL_SOCKET,
                    SO_NETNS_COOKIE,
                    value.address(),
                    arena.allocateFrom(ValueLayout.JAVA_INT, Long.BYTES).address());
            return value.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    /**
     * Returns the index of an interface in the calling thread's namespace.
     *
     * @throws KernelException with {@code ENODEV} if there is none of that name
     */
    public static int interfaceIndex(String name) throws KernelException {
        if (name.length() >= INTERFACE_NAME_BYTES) {
            throw new IllegalArgumentException("\"" + name + "\" is too long for an interface");
        }
        try (Arena arena = Arena.ofConfined();
                Descriptor socket = socket()) {
            MemorySegment request = arena.allocate(INTERFACE_REQUEST_BYTES, 8);
            request.setString(0, name);
            SystemCall.IOCTL.call(
                    "ask for the index of interface " + name,
                    socket.number(),
                    SIOCGIFINDEX,
                    request.address(),
                    0,
                    0);
            return request.get(ValueLayout.JAVA_INT, INTERFACE_NAME_BYTES);
        }
    }

    /**
     * Gives the loopback interface of the calling thread's namespace an IPv6 address of its own.
     *
     * @return false if it has it
     * @throws KernelException if the kernel refuses
     */
    public static boolean addLoopbackAddress(byte[] address) throws KernelException {
        try {
            loopbackAddress(SIOCSIFADDR, "add", address);
            return true;
        } catch (KernelException e) {
            if (e.errno() == Errno.EEXIST) {
                return false;
            }
            throw e;
        }
    }

    /** Takes such an address away. */
    public static void removeLoopbackAddress(byte[] address) throws KernelException {
        loopbackAddress(SIOCDIFADDR, "remove", address);
    }

    private static void loopbackAddress(int request, String verb, byte[] address)
            throws KernelException {
        try (Arena arena = Arena.ofConfined();
                Descriptor socket = socket(AF_INET6)) {
            MemorySegment ifreq = arena.allocate(24, 8);
            MemorySegment.copy(address, 0, ifreq, ValueLayout.JAVA_BYTE, 0, address.length);
            ifreq.set(ValueLayout.JAVA_INT, 16, 128);
            ifreq.set(ValueLayout.JAVA_INT, 20, LOOPBACK_INDEX);
            String what = verb + " an IPv6 address of the loopback interface";
            SystemCall.IOCTL.call(what, socket.number(), request, ifreq.address(), 0, 0);
        }
    }

    private static Descriptor socket() throws KernelException {
        return socket(AF_INET);
    }

    private static Descriptor socket(int family) throws KernelException {
        return new Descriptor(SystemCall.SOCKET.call("open a socket", family, SOCK_DGRAM, 0, 0, 0));
    }

    /** Work that may fail with an I/O error. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does the work and returns its result. */
        T run() throws IOException;
    }

    /**
     * Runs {@code work} in the namespace that {@code path} names (for example {@code
     * /proc/PID/ns/net} or {@code /run/netns/NAME}), waiting for it.
     *
     * @throws IOException if the namespace cannot be entered, or what the work threw
     */
    public static <T> T in(Path path, Work<T> work) throws IOException {
        AtomicReference<@Nullable T> result = new AtomicReference<>();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread thread =
                Thread.ofPlatform()
                        .name("netns")
                        .start(() -> {
                            try {
                                enter(path);
                                result.set(work.run());
                            } catch (IOException | RuntimeException | Error e) {
                                failure.set(e);
                            }
                        });
        join(thread);
        Throwable thrown = failure.get();
        if (thrown instanceof IOException e) {
            throw e;
        }
        if (thrown != null) {
            throw new IllegalStateException("work in network namespace " + path, thrown);
        }
        T value = result.get();
        if (value == null) {
            throw new IllegalStateException("work in network namespace " + path + " gave nothing");
        }
        return value;
    }

    private static void enter(Path path) throws KernelException {
        try (Descriptor namespace = Descriptor.open(path)) {
            SystemCall.SETNS.call(
                    "enter network namespace " + path, namespace.number(), CLONE_NEWNET, 0, 0, 0);
        }
    }

    private static void join(Thread thread) throws IOException {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while in a network namespace", e);
        }
    }
}
