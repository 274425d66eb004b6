package dev.attache.iptables.socket;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/** {@code struct sockaddr_in} and {@code sockaddr_in6}. Source: ip(7), ipv6(7). Stateless. */
final class SocketAddresses {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int LARGEST = 28;

    private static final ValueLayout.OfShort FAMILY = ValueLayout.JAVA_SHORT;
    private static final ValueLayout.OfShort PORT =
            ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddresses() {}

    static MemorySegment write(Arena arena, InetSocketAddress address) {
        boolean v4 = address.getAddress() instanceof Inet4Address;
        MemorySegment segment = arena.allocate(v4 ? 16 : LARGEST, 4);
        segment.set(FAMILY, 0, (short) (v4 ? AF_INET : AF_INET6));
        segment.set(PORT, 2, (short) address.getPort());
        byte[] octets = address.getAddress().getAddress();
        MemorySegment.copy(octets, 0, segment, ValueLayout.JAVA_BYTE, v4 ? 4 : 8, octets.length);
        return segment;
    }

    static InetSocketAddress read(MemorySegment segment) {
        boolean v4 = segment.get(FAMILY, 0) == AF_INET;
        byte[] octets = segment.asSlice(v4 ? 4 : 8, v4 ? 4 : 16).toArray(ValueLayout.JAVA_BYTE);
        try {
            return new InetSocketAddress(
                    InetAddress.getByAddress(octets), segment.get(PORT, 2) & 0xffff);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are addresses", e);
        }
    }
}
