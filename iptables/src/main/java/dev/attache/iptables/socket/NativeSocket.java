package dev.attache.iptables.socket;

import dev.attache.iptables.kernel.OriginalDestination;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A blocking TCP socket of libc. Lives in the network namespace of the thread that made it. One
 * thread reads and one writes; {@link #close} may come from any.
 */
public final class NativeSocket implements AutoCloseable {
    private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_RCVTIMEO = 20;
    private static final int SO_SNDTIMEO = 21;
    private static final int SO_MARK = 36;
    private static final int SOL_IP = 0;
    private static final int SOL_IPV6 = 41;
    private static final int IP_TRANSPARENT = 19;
    private static final int IPV6_TRANSPARENT = 75;
    private static final int IPV6_V6ONLY = 26;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int SHUT_WR = 1;

    private final int descriptor;
    private final boolean v6;
    private final @Nullable InetSocketAddress peer;
    private boolean closed;

    private NativeSocket(long descriptor, boolean v6, @Nullable InetSocketAddress peer) {
        this.descriptor = Math.toIntExact(descriptor);
        this.v6 = v6;
        this.peer = peer;
    }

    /** Opens a TCP socket of one family. */
    public static NativeSocket open(boolean v6) throws IOException {
        long fd =
                Libc.SOCKET.call(
                        "of TCP",
                        v6 ? SocketAddresses.AF_INET6 : SocketAddresses.AF_INET,
                        SOCK_STREAM_CLOEXEC,
                        0);
        NativeSocket socket = new NativeSocket(fd, v6, null);
        if (v6) {
            socket.option(SOL_IPV6, IPV6_V6ONLY, 1);
        }
        return socket;
    }

    /**
     * Opens a TCP socket that netfilter's owner match sees as another user's. Without the right to
     * do so (CAP_SETUID) it is the caller's own.
     */
    public static NativeSocket openAs(int uid, boolean v6) throws IOException {
        long own = Libc.SETFSUID.call("", uid);
        try {
            return open(v6);
        } finally {
            Libc.SETFSUID.call("", (int) own);
        }
    }

    /** Opens a socket that listens; its address may be taken again at once after it is closed. */
    public static NativeSocket listen(InetSocketAddress at, boolean transparent)
            throws IOException {
        NativeSocket socket = open(at.getAddress().getAddress().length == 16);
        try {
            socket.option(SOL_SOCKET, SO_REUSEADDR, 1);
            if (transparent) {
                socket.transparent();
            }
            socket.bind(at);
            Libc.LISTEN.call("at " + at, socket.descriptor, 128);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void option(int level, int name, int value) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment cell = arena.allocateFrom(ValueLayout.JAVA_INT, value);
            Libc.SETSOCKOPT.call("option " + name, descriptor, level, name, cell, 4);
        }
    }

    /** May use addresses that are not this host's. Needs CAP_NET_ADMIN. */
    public void transparent() throws IOException {
        option(v6 ? SOL_IPV6 : SOL_IP, v6 ? IPV6_TRANSPARENT : IP_TRANSPARENT, 1);
    }

    /** Marks every packet sent. Needs CAP_NET_ADMIN. */
    public void mark(int mark) throws IOException {
        option(SOL_SOCKET, SO_MARK, mark);
    }

    /** How long accept, connect, read and write wait, in milliseconds. */
    public void timeout(long millis) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(16, 8);
            time.set(ValueLayout.JAVA_LONG, 0, millis / 1000);
            time.set(ValueLayout.JAVA_LONG, 8, millis % 1000 * 1000);
            Libc.SETSOCKOPT.call("timeout", descriptor, SOL_SOCKET, SO_RCVTIMEO, time, 16);
            Libc.SETSOCKOPT.call("timeout", descriptor, SOL_SOCKET, SO_SNDTIMEO, time, 16);
        }
    }

    /** Takes a local address. */
    public void bind(InetSocketAddress address) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = SocketAddresses.write(arena, address);
            Libc.BIND.call("to " + address, descriptor, raw, (int) raw.byteSize());
        }
    }

    /** Connects, waiting. */
    public void connect(InetSocketAddress address) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = SocketAddresses.write(arena, address);
            Libc.CONNECT.call("to " + address, descriptor, raw, (int) raw.byteSize());
        }
    }

    /** Waits for a connection; null if none came within the timeout. */
    public @Nullable NativeSocket accept() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocate(SocketAddresses.LARGEST, 4);
            MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, SocketAddresses.LARGEST);
            long fd = Libc.ACCEPT.call("", descriptor, raw, size);
            return new NativeSocket(fd, v6, SocketAddresses.read(raw));
        } catch (Libc.Failure e) {
            if (e.errno() == Libc.EAGAIN) {
                return null;
            }
            throw e;
        }
    }

    /** Where an accepted connection was going before netfilter or eBPF redirected it. */
    public InetSocketAddress originalDestination() throws IOException {
        return v6 ? OriginalDestination.ipv6(descriptor) : OriginalDestination.ipv4(descriptor);
    }

    /** The local address. */
    public InetSocketAddress local() throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment raw = arena.allocate(SocketAddresses.LARGEST, 4);
            MemorySegment size = arena.allocateFrom(ValueLayout.JAVA_INT, SocketAddresses.LARGEST);
            Libc.GETSOCKNAME.call("", descriptor, raw, size);
            return SocketAddresses.read(raw);
        }
    }

    /** The other end of an accepted connection. */
    public InetSocketAddress peer() {
        if (peer == null) {
            throw new IllegalStateException("not an accepted connection");
        }
        return peer;
    }

    /** Reads what there is; 0 bytes at the end of the stream. */
    public byte[] read(int most) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(most);
            long length = Libc.RECV.call("", descriptor, buffer, (long) most, 0);
            return buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** Writes all. */
    public void write(byte[] bytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            long sent = 0;
            while (sent < bytes.length) {
                sent +=
                        Libc.SEND.call(
                                "",
                                descriptor,
                                buffer.asSlice(sent),
                                bytes.length - sent,
                                MSG_NOSIGNAL);
            }
        }
    }

    /** Ends the outgoing half. */
    public void endOutput() throws IOException {
        Libc.SHUTDOWN.call("", descriptor, SHUT_WR);
    }

    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            Libc.CLOSE.call("", descriptor);
        }
    }
}
