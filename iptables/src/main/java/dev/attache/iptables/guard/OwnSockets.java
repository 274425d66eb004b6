package dev.attache.iptables.guard;

import java.net.InetSocketAddress;

/**
 * Tells whether this process opened a connection. Asked only where the addresses already say so, to
 * be certain: eBPF lets an application's connection and the proxy's have the same addresses, as far
 * as the two of them can see.
 */
@FunctionalInterface
public interface OwnSockets {
    /** Cannot tell, so that the addresses are believed. */
    OwnSockets BY_ADDRESS = (client, listener, target) -> Answer.UNKNOWN;

    /** Whose a socket is. */
    enum Answer {
        OWN,
        OTHER,
        UNKNOWN
    }

    /**
     * Tells whether the client's end of an accepted connection is a socket of this process.
     *
     * @param client the client's own address
     * @param listener where the connection was accepted
     * @param target where the client was going
     */
    Answer opened(InetSocketAddress client, InetSocketAddress listener, InetSocketAddress target);
}
