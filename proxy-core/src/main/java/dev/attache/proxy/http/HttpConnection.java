package dev.attache.proxy.http;

import dev.attache.proxy.connection.Connection;

/** One codec on one connection, either side. Loop-confined. */
public interface HttpConnection {

    Connection connection();

    Protocol protocol();

    int activeStreams();

    /**
     * Begins to leave: HTTP/2 sends GOAWAY with the largest id (shutdown notice); HTTP/1 answers
     * the current request with {@code connection: close}.
     */
    void shutdownNotice();

    /** HTTP/2: GOAWAY with the last stream id; no new streams from now on. */
    void goAway();
}
