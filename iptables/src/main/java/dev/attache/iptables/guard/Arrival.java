package dev.attache.iptables.guard;

import java.net.InetSocketAddress;

/**
 * An accepted connection. Immutable.
 *
 * @param direction which listener took it
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
        InetSocketAddress client,
        InetSocketAddress listener,
        InetSocketAddress target,
        int mark,
        long uid,
        long gid) {
    /** Which way traffic goes that a listener takes. */
    public enum Direction {
        OUTBOUND,
        INBOUND
    }

    /** An arrival of which only the addresses are known. */
    public static Arrival of(
            Direction direction,
            InetSocketAddress client,
            InetSocketAddress listener,
            InetSocketAddress target) {
        return new Arrival(direction, client, listener, target, 0, -1, -1);
    }
}
