package dev.attache.proxy.http.h1;

import dev.attache.proxy.connection.Connection;

/**
 * Responses that a pipelining client has not taken off the wire: as in Envoy, two may wait, and who
 * asks for another one does not read. A response is known by the offset of its end in the
 * connection's output. Owned by one codec.
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

    /** A further request is there; false where too many responses wait for it to be answered. */
    boolean admit() {
        long oldest = ends[next];
        if (oldest <= connection.bytesFlushed()) {
            return true;
        }
        // Perhaps they wait for the end of the loop turn only, and not for the client.
        connection.flush();
        return oldest <= connection.bytesFlushed();
    }
}
