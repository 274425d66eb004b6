package dev.attache.iptables.guard;

import java.net.InetSocketAddress;

/**
 * An accepted connection. Immutable.
 *
 * @param direction which way the traffic goes that its listener takes
 * @param door the listener's name
 * @param client the other end
 * @param listener the own end
 * @param target where it was going before it was redirected; the same as {@code listener} if it was
 *     not
 * @param mark packet mark of the connection, 0 if unknown or none
 * @param uid user that owns the client's socket, -1 if unknown
 * @param gid group that owns the client's socket, -1 if unknown
 */
public record Arrival(
        Direction direction,
        String door,
        InetSocketAddress client,
        InetSocketAddress listener,
        InetSocketAddress target,
        int mark,
        long uid,
        long gid) {
    /** Which way traffic goes that a listener takes. */
    public enum Direction {
        OUTBOUND,
        INBOUND,
        /** The listener does not say. */
        UNKNOWN
    }

    /** An arrival of which only the addresses are known, at the one listener of its direction. */
    public static Arrival of(
            Direction direction,
            InetSocketAddress client,
            InetSocketAddress listener,
            InetSocketAddress target) {
        return new Arrival(direction, direction.name(), client, listener, target, 0, -1, -1);
    }

    /** The two ends of the client's socket, as the client sees them. */
    Ends ends() {
        return new Ends(client, target);
    }

    /**
     * The ends of a connection as the side that opened it knows them. One local address can serve
     * several connections at once, so that only both ends tell them apart.
     */
    record Ends(InetSocketAddress from, InetSocketAddress to) {}
}
