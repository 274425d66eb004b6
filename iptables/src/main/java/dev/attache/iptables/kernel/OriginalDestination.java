package dev.attache.iptables.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/**
 * Where a redirected connection was going before the redirect, asked from the kernel by getsockopt
 * {@code SO_ORIGINAL_DST} (IPv4) or {@code IP6T_SO_ORIGINAL_DST} (IPv6). Netfilter's connection
 * tracking answers for iptables and nftables; a cgroup/getsockopt program answers for eBPF.
 *
 * <p>Source: linux/netfilter_ipv4.h, linux/netfilter_ipv6/ip6_tables.h.
 */
public final class OriginalDestination {
    private static final int SOL_IP = 0;
    private static final int SOL_IPV6 = 41;
    private static final int SO_ORIGINAL_DST = 80;
    private static final int SIZE_OF_SOCKADDR_IN = 16;
    private static final int SIZE_OF_SOCKADDR_IN6 = 28;
    private static final ValueLayout.OfShort NETWORK_SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private OriginalDestination() {}

    /**
     * Asks for an IPv4 connection. An IPv6 socket that carries an IPv4-mapped connection is asked
     * this way, too.
     *
     * @param fd the number of the accepted socket's descriptor
     * @throws KernelException with {@code ENOENT} if the connection was not redirected
     */
    public static InetSocketAddress ipv4(int fd) throws KernelException {
        return ask(fd, SOL_IP, SIZE_OF_SOCKADDR_IN, 4, 4);
    }

    /**
     * Asks for an IPv6 connection.
     *
     * @param fd the number of the accepted socket's descriptor
     * @throws KernelException with {@code ENOENT} if the connection was not redirected
     */
    public static InetSocketAddress ipv6(int fd) throws KernelException {
        return ask(fd, SOL_IPV6, SIZE_OF_SOCKADDR_IN6, 8, 16);
    }

    private static InetSocketAddress ask(int fd, int level, int size, int addressAt, int length)
            throws KernelException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(size, 8);
            MemorySegment sizeCell = arena.allocateFrom(ValueLayout.JAVA_INT, size);
            SystemCall.GETSOCKOPT.call(
                    "ask for the original destination of descriptor " + fd,
                    fd,
                    level,
                    SO_ORIGINAL_DST,
                    address.address(),
                    sizeCell.address());
            int port = Short.toUnsignedInt(address.get(NETWORK_SHORT, 2));
            byte[] bytes = address.asSlice(addressAt, length).toArray(ValueLayout.JAVA_BYTE);
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of " + length + " bytes is valid", e);
        }
    }
}
