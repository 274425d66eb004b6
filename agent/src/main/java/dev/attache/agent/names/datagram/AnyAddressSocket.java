package dev.attache.agent.names.datagram;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A socket of datagrams at all addresses of the machine, of both families, whose answers leave from
 * the address that was asked (ipv6(7), {@code IPV6_PKTINFO}; RFC 3542, section 6): by the route
 * alone it could be another, which a client does not listen to. Loop only, but for opening and
 * closing.
 */
public final class AnyAddressSocket implements EpollIoHandle {

    private static final Logger LOG = LoggerFactory.getLogger("agent.dns");

    private static final int AF_INET6 = 10;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;
    private static final int IPV6_RECVPKTINFO = 49;
    private static final int IPV6_PKTINFO = 50;

    /** {@code sockaddr_in6}: family, port, flow, address, scope. */
    private static final int ADDRESS = 28;

    private static final int ADDRESS_BYTES = 8;

    /** {@code cmsghdr} with {@code in6_pktinfo}: length, level, type; address, interface. */
    private static final int CONTROL = 40;

    private static final int CONTROL_LENGTH = 16 + 20;
    private static final int CONTROL_ADDRESS = 16;
    private static final int CONTROL_INTERFACE = 32;

    /** {@code msghdr}: name, its length; vector, its length; control, its length; flags. */
    private static final int HEADER = 56;

    private static final int VECTOR = 16;

    /** So many in a turn of the loop. */
    private static final int TURN = 64;

    private static final ValueLayout.OfShort PORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment from = arena.allocate(ADDRESS, 8);
    private final MemorySegment control = arena.allocate(CONTROL, 8);
    private final MemorySegment message;
    private final MemorySegment header;
    private final FileDescriptor fd;
    private final int port;
    private final Receiver receiver;
    private @Nullable IoRegistration registration;

    private AnyAddressSocket(int fd, int port, int longest, Receiver receiver) {
        this.fd = new FileDescriptor(fd);
        this.port = port;
        this.receiver = receiver;
        this.message = arena.allocate(longest, 8);
        this.header = header(arena, from, message, control);
    }

    /**
     * Opens one; it is read when it is {@link #start}ed.
     *
     * @param port 0 for any
     * @param longest what is longer is cut there
     * @throws IOException if the port is not free, or the machine has no IPv6
     */
    public static AnyAddressSocket open(int port, int longest, Receiver receiver)
            throws IOException {
        int fd = SystemCalls.socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC);
        try (Arena arena = Arena.ofConfined()) {
            SystemCalls.option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
            SystemCalls.option(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
            MemorySegment address = arena.allocate(ADDRESS, 8);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_INET6);
            address.set(PORT, 2, (short) port);
            SystemCalls.bind(fd, address);
            int bound = Short.toUnsignedInt(address.get(PORT, 2));
            return new AnyAddressSocket(fd, bound, longest, receiver);
        } catch (IOException e) {
            new FileDescriptor(fd).close();
            throw new IOException(
                    "port %d at all addresses: %s".formatted(port, e.getMessage()), e);
        }
    }

    /** Begins to read. */
    public void start(IoEventLoop loop) throws IOException {
        Future<IoRegistration> registering = loop.register(this).awaitUninterruptibly();
        if (!registering.isSuccess()) {
            throw new IOException(registering.cause());
        }
        IoRegistration registered = registering.getNow();
        registration = registered;
        registered.submit(EpollIoOps.EPOLLIN);
    }

    /** Where it listens, as the address of all. */
    public InetSocketAddress address() {
        return new InetSocketAddress("::", port);
    }

    /** Ends it; it is waited for a moment. */
    public void stop(IoEventLoop loop) {
        loop.submit(this::cancel).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private void cancel() {
        IoRegistration registered = registration;
        if (registered == null || !registered.cancel()) {
            close();
        }
    }

    @Override
    public FileDescriptor fd() {
        return fd;
    }

    @Override
    public void handle(IoRegistration registered, IoEvent event) {
        int left = TURN;
        while (left > 0 && fd.isOpen() && receive()) {
            left--;
        }
    }

    private boolean receive() {
        header.set(ValueLayout.JAVA_INT, 8, ADDRESS);
        header.set(ValueLayout.JAVA_LONG, 40, CONTROL);
        long length = SystemCalls.receive(fd.intValue(), header);
        if (length < 0) {
            return false;
        }
        byte[] bytes = message.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        byte[] client = from.toArray(ValueLayout.JAVA_BYTE);
        byte[] asked = asked(header.get(ValueLayout.JAVA_LONG, 40));
        receiver.received(client(), bytes, answer -> send(answer, client, asked));
        return true;
    }

    /** Who asks; an address of IPv4, which comes in the form of IPv6, as what it is. */
    private InetSocketAddress client() {
        byte[] bytes = from.asSlice(ADDRESS_BYTES, 16).toArray(ValueLayout.JAVA_BYTE);
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(bytes), Short.toUnsignedInt(from.get(PORT, 2)));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The control message that names the address asked, as one to answer with. */
    private byte[] asked(long length) {
        boolean told =
                length >= CONTROL_LENGTH
                        && control.get(ValueLayout.JAVA_INT, 8) == IPPROTO_IPV6
                        && control.get(ValueLayout.JAVA_INT, 12) == IPV6_PKTINFO;
        if (!told) {
            return new byte[0];
        }
        byte[] answering = control.toArray(ValueLayout.JAVA_BYTE);
        boolean ofOneLink =
                answering[CONTROL_ADDRESS] == (byte) 0xfe
                        && (answering[CONTROL_ADDRESS + 1] & 0xc0) == 0x80;
        if (!ofOneLink) {
            // The way back is the routes' choice.
            MemorySegment.ofArray(answering)
                    .set(ValueLayout.JAVA_INT_UNALIGNED, CONTROL_INTERFACE, 0);
        }
        return answering;
    }

    /** An answer that the socket has no room for is lost, as on any network. */
    private void send(byte[] answer, byte[] client, byte[] asked) {
        if (!fd.isOpen()) {
            return;
        }
        try (Arena call = Arena.ofConfined()) {
            MemorySegment out =
                    header(
                            call,
                            aligned(call, client),
                            aligned(call, answer),
                            aligned(call, asked));
            if (!SystemCalls.send(fd.intValue(), out)) {
                LOG.debug("an answer of {} bytes was not sent", answer.length);
            }
        }
    }

    private static MemorySegment aligned(Arena arena, byte[] bytes) {
        MemorySegment segment = arena.allocate(Math.max(1, bytes.length), 8);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, segment, 0, bytes.length);
        return segment.asSlice(0, bytes.length);
    }

    private static MemorySegment header(
            Arena arena, MemorySegment address, MemorySegment content, MemorySegment control) {
        MemorySegment vector = arena.allocate(VECTOR, 8);
        vector.set(ValueLayout.ADDRESS, 0, content);
        vector.set(ValueLayout.JAVA_LONG, 8, content.byteSize());
        MemorySegment header = arena.allocate(HEADER, 8);
        header.set(ValueLayout.ADDRESS, 0, address);
        header.set(ValueLayout.JAVA_INT, 8, (int) address.byteSize());
        header.set(ValueLayout.ADDRESS, 16, vector);
        header.set(ValueLayout.JAVA_LONG, 24, 1);
        header.set(ValueLayout.ADDRESS, 32, control.byteSize() == 0 ? MemorySegment.NULL : control);
        header.set(ValueLayout.JAVA_LONG, 40, control.byteSize());
        return header;
    }

    @Override
    public void unregistered() {
        close();
    }

    /** By the loop, when it ends. */
    @Override
    public void close() {
        if (fd.isOpen()) {
            try {
                fd.close();
            } catch (IOException e) {
                LOG.warn("a socket for names could not be closed: {}", e.getMessage());
            }
        }
    }
}
