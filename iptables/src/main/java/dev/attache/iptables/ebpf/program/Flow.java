package dev.attache.iptables.ebpf.program;

/**
 * The value that follows a connection: its original destination, what was done to it, and which
 * path its bytes take. Offsets in bytes.
 */
final class Flow {
    /** 16 bytes, IPv4 as ::ffff:a.b.c.d. */
    static final int ADDRESS = 0;

    /** 16 bits in network order. */
    static final int PORT = 16;

    /** 8 bits, {@link #OUTBOUND} and so on. */
    static final int KIND = 18;

    /** 8 bits, {@link #OPENED} or {@link #ACCEPTED}. */
    static final int SIDE = 19;

    /** 32 bits, {@link #TCP} or {@link #SHORTCUT}; each end of a connection has its own. */
    static final int PATH = 20;

    /** 64 bits: where the kernel has the socket at the other end, 0 if that is not known. */
    static final int PEER = 24;

    static final int BYTES = 32;

    /** The application's connection, sent to the proxy's outbound port. */
    static final int OUTBOUND = 1;

    /** The proxy's connection to its own host, sent to its inbound port. */
    static final int SELF_INBOUND = 2;

    /** A query, sent to the proxy's DNS port. */
    static final int DNS = 3;

    /** The proxy's connection to the application on this host; not redirected. */
    static final int LOCAL = 4;

    /** The socket connected, or sent the query. */
    static final int OPENED = 0;

    /** The socket was accepted. */
    static final int ACCEPTED = 1;

    /** What was sent last, if anything, went through TCP. */
    static final int TCP = 0;

    /** What was sent last went from socket to socket. */
    static final int SHORTCUT = 1;

    private Flow() {}
}
