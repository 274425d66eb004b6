package dev.attache.iptables.ebpf;

import dev.attache.iptables.ebpf.program.Cidr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where connections to a block of addresses leave, and from which address.
 *
 * @param device the interface's name
 * @param metric the least wins among routes to the same block
 * @param source null if the kernel would not say
 */
record Route(String device, long metric, @Nullable InetAddress source) {
    private static final int REJECT = 0x200;

    /** Rejected, anycast or local. */
    private static final long OTHER = 0x80100200L;

    private static final InetAddress SOMEWHERE4 = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress SOMEWHERE6 = InetAddress.ofLiteral("2001:db8::1");
    private static final int ANY_PORT = 9;

    /** Reads /proc/net/route: destination and mask are words of the machine's byte order. */
    static Map<Cidr, Route> ipv4(String table) {
        Map<Cidr, Route> routes = new LinkedHashMap<>();
        for (String line : table.lines().skip(1).toList()) {
            String[] fields = line.strip().split("\\s+");
            if ((Integer.parseInt(fields[3], 16) & REJECT) == 0) {
                int mask = Integer.parseUnsignedInt(fields[7], 16);
                InetAddress base = unmapped(word(fields[1]));
                Cidr block = Cidr.parse(base.getHostAddress() + "/" + Integer.bitCount(mask));
                add(routes, block, fields[0], Long.parseLong(fields[6]));
            }
        }
        return routes;
    }

    private static byte[] word(String hexadecimal) {
        int word = Integer.parseUnsignedInt(hexadecimal, 16);
        return new byte[] {
            (byte) word, (byte) (word >> 8), (byte) (word >> 16), (byte) (word >> 24)
        };
    }

    /**
     * Reads /proc/net/ipv6_route, without what is rejected, stays on the host, or leads to a
     * neighbour by its link-local address, which says nothing without an interface.
     */
    static Map<Cidr, Route> ipv6(String table) {
        Map<Cidr, Route> routes = new LinkedHashMap<>();
        for (String line : table.lines().toList()) {
            String[] fields = line.strip().split("\\s+");
            boolean other = (Long.parseLong(fields[8], 16) & OTHER) != 0;
            InetAddress base = unmapped(HexFormat.of().parseHex(fields[0]));
            boolean onLink = base.isLinkLocalAddress() || base.isMulticastAddress();
            if (!other && !onLink && !fields[9].equals("lo")) {
                int length = Integer.parseInt(fields[1], 16);
                Cidr block = Cidr.parse(base.getHostAddress() + "/" + length);
                add(routes, block, fields[9], Long.parseLong(fields[5], 16));
            }
        }
        return routes;
    }

    private static InetAddress unmapped(byte[] address) {
        return Cidr.unmapped(address);
    }

    private static void add(Map<Cidr, Route> routes, Cidr block, String device, long metric) {
        routes.merge(
                block,
                new Route(device, metric, null),
                (one, other) -> other.metric() < one.metric() ? other : one);
    }

    /** Returns this route with the source address that the kernel picks for {@code block}. */
    Route withSource(Cidr block) throws IOException {
        return new Route(device, metric, source(block));
    }

    /** Asks by a socket that sends nothing; the calling thread's namespace answers. */
    private static @Nullable InetAddress source(Cidr block) throws IOException {
        InetAddress target = block.someHost(block.isIpv4() ? SOMEWHERE4 : SOMEWHERE6);
        ProtocolFamily family =
                block.isIpv4() ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        try (DatagramChannel socket = DatagramChannel.open(family)) {
            socket.connect(new InetSocketAddress(target, ANY_PORT));
            return ((InetSocketAddress) socket.getLocalAddress()).getAddress();
        } catch (SocketException | IllegalArgumentException e) {
            // Broadcast, multicast or unreachable: no connection goes there to have a source.
            return null;
        }
    }
}
