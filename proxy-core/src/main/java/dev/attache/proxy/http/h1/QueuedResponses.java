package dev.attache.proxy.http.h1;

import dev.attache.proxy.connection.Connection;

/**
 * Responses that a pipelining client has not taken off the wire: as in Envoy, two may wait, and who
 * asks for another one does not read. Those of one turn of the loop, which have not been offered to
 * the socket, do not count. A response is known by the offset of its end in the connection's
 * output. Owned by one codec.
 */
final class QueuedResponses {

    private static final int ALLOWED = 2;

    private final Connection connection;
    private final long[] ends = new long[ALLOWED + 1];
    private int next;

    QueuedResponses(Connection connection) {
        this.connection = connection;
    }

    /** A response has been written. */
    void add() {
        ends[next] = connection.bytesSent();
        next = (next + 1) % ends.length;
    }

    /** The first request of a turn is there; false where too many responses of others wait. */
    boolean admit() {
        long oldest = ends[next];
        if (oldest <= connection.bytesFlushed()) {
            return true;
        }
        // The end of the turn that wrote them may be still to come.
        connection.flush();
        return oldest <= connection.bytesFlushed();
    }
}
