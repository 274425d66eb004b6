package dev.attache.iptables.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Looks TCP sockets up in the kernel's table by their two ends, in the network namespace of the
 * calling thread. Two system calls and a descriptor per look-up; needs no rights.
 *
 * <p>Source: sock_diag(7), include/uapi/linux/inet_diag.h, netlink(7).
 */
public final class SocketTable {
    private static final int AF_NETLINK = 16;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int NETLINK_SOCK_DIAG = 4;
    private static final short SOCK_DIAG_BY_FAMILY = 20;
    private static final short NLM_F_REQUEST = 1;
    private static final short NLMSG_ERROR = 2;
    private static final int HEADER = 16;
    private static final int REQUEST = HEADER + 56;
    private static final int ANSWER = 4096;
    private static final int TCP = 6;
    private static final int USER_AT = HEADER + 64;
    private static final int INODE_AT = HEADER + 68;
    private static final int IPV4_BYTES = 4;
    private static final byte AF_INET = 2;
    private static final byte AF_INET6 = 10;

    private SocketTable() {}

    /**
     * A socket.
     *
     * @param inode its number, as in the links of /proc/PID/fd; 0 if no process holds it any more
     * @param user who opened it
     */
    public record Entry(long inode, long user) {}

    /**
     * Returns the socket with these ends, null if there is none.
     *
     * @throws KernelException if the kernel cannot be asked
     */
    public static @Nullable Entry find(InetSocketAddress own, InetSocketAddress other)
            throws KernelException {
        boolean mixed = length(own) != length(other);
        return mixed ? null : ask(request(own, other));
    }

    private static int length(InetSocketAddress address) {
        return address.getAddress().getAddress().length;
    }

    /** {@code struct nlmsghdr} and {@code struct inet_diag_req_v2}. */
    static byte[] request(InetSocketAddress own, InetSocketAddress other) {
        ByteBuffer message = ByteBuffer.allocate(REQUEST).order(ByteOrder.nativeOrder());
        message.putInt(REQUEST).putShort(SOCK_DIAG_BY_FAMILY).putShort(NLM_F_REQUEST);
        message.putInt(1).putInt(0);
        message.put(length(own) == IPV4_BYTES ? AF_INET : AF_INET6).put((byte) TCP);
        message.putShort((short) 0).putInt(-1);
        message.order(ByteOrder.BIG_ENDIAN);
        message.putShort((short) own.getPort()).putShort((short) other.getPort());
        address(message, own.getAddress());
        address(message, other.getAddress());
        message.putInt(0).putInt(-1).putInt(-1);
        return message.array();
    }

    private static void address(ByteBuffer message, InetAddress address) {
        byte[] octets = address.getAddress();
        message.put(octets).put(new byte[16 - octets.length]);
    }

    private static @Nullable Entry ask(byte[] request) throws KernelException {
        try (Arena arena = Arena.ofConfined();
                Descriptor netlink =
                        new Descriptor(
                                SystemCall.SOCKET.call(
                                        "open a netlink socket",
                                        AF_NETLINK,
                                        SOCK_RAW_CLOEXEC,
                                        NETLINK_SOCK_DIAG,
                                        0,
                                        0))) {
            MemorySegment out = arena.allocateFrom(ValueLayout.JAVA_BYTE, request);
            SystemCall.SENDTO.call(
                    "ask for a socket", netlink.number(), out.address(), request.length, 0, 0);
            MemorySegment in = arena.allocate(ANSWER, 8);
            long length =
                    SystemCall.RECVFROM.call(
                            "read a socket", netlink.number(), in.address(), ANSWER, 0, 0);
            return entry(in.asSlice(0, length).asByteBuffer().order(ByteOrder.nativeOrder()));
        }
    }

    /** {@code struct inet_diag_msg}, or an error, which says that there is none. */
    static @Nullable Entry entry(ByteBuffer answer) {
        if (answer.remaining() < INODE_AT + 4 || answer.getShort(4) == NLMSG_ERROR) {
            return null;
        }
        return new Entry(
                Integer.toUnsignedLong(answer.getInt(INODE_AT)),
                Integer.toUnsignedLong(answer.getInt(USER_AT)));
    }
}
