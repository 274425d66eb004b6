package dev.attache.iptables.ebpf.program;

/**
 * The key of a connection as one of its ends sees it. Addresses are in IPv6 form, so that it is the
 * same whether an end is an IPv4 socket or an IPv6 socket that carries IPv4; the network namespace
 * is part of it, since 127.0.0.1 is not the same host in two of them. Offsets in bytes.
 */
final class Tuple {
    /** 64 bits: the cookie of the network namespace. */
    static final int NAMESPACE = 0;

    /** 16 bytes. */
    static final int LOCAL_ADDRESS = 8;

    /** 16 bytes. */
    static final int REMOTE_ADDRESS = 24;

    /** 16 bits in network order. */
    static final int LOCAL_PORT = 40;

    /** 16 bits in network order. */
    static final int REMOTE_PORT = 42;

    /** 32 bits, zero. */
    static final int PADDING = 44;

    static final int BYTES = 48;

    private Tuple() {}
}
