package dev.attache.iptables.explain;

import dev.attache.iptables.capture.IpAddress;
import java.util.OptionalLong;

/**
 * The first packet of a connection on its way. The marks change as rules set them; the rest stays.
 * Used by one thread.
 */
final class Packet {
    private final boolean udp;
    private final IpAddress source;
    private final IpAddress destination;
    private final int sourcePort;
    private final int destinationPort;
    private final OptionalLong uid;
    private final OptionalLong gid;
    private String in = "";
    private String out = "";
    private long mark;
    private long connectionMark;

    Packet(
            boolean udp,
            IpAddress source,
            IpAddress destination,
            int sourcePort,
            int destinationPort,
            OptionalLong uid,
            OptionalLong gid) {
        this.udp = udp;
        this.source = source;
        this.destination = destination;
        this.sourcePort = sourcePort;
        this.destinationPort = destinationPort;
        this.uid = uid;
        this.gid = gid;
    }

    void comesIn(String interfaceName) {
        in = interfaceName;
        out = "";
    }

    void goesOut(String interfaceName) {
        out = interfaceName;
        in = "";
    }

    void mark(long value) {
        mark = value;
    }

    void connectionMark(long value) {
        connectionMark = value;
    }

    boolean udp() {
        return udp;
    }

    String protocol() {
        return udp ? "udp" : "tcp";
    }

    IpAddress source() {
        return source;
    }

    IpAddress destination() {
        return destination;
    }

    int sourcePort() {
        return sourcePort;
    }

    int destinationPort() {
        return destinationPort;
    }

    OptionalLong uid() {
        return uid;
    }

    OptionalLong gid() {
        return gid;
    }

    String in() {
        return in;
    }

    String out() {
        return out;
    }

    long mark() {
        return mark;
    }

    long connectionMark() {
        return connectionMark;
    }
}
