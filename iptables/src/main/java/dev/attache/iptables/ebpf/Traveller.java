package dev.attache.iptables.ebpf;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connection or datagram that someone asks about. Immutable.
 *
 * @param fromHere whether this host sends it
 * @param proxy whether the proxy sends it, whoever that is
 * @param source where it comes from, null if that does not matter
 * @param destination where it goes
 * @param port where it goes
 * @param udp a datagram rather than a connection
 * @param uid who sends it, -1 if unknown
 * @param gid who sends it, -1 if unknown
 */
public record Traveller(
        boolean fromHere,
        boolean proxy,
        @Nullable InetAddress source,
        InetAddress destination,
        int port,
        boolean udp,
        long uid,
        long gid) {
    boolean ipv6() {
        return destination.getAddress().length == 16;
    }
}
