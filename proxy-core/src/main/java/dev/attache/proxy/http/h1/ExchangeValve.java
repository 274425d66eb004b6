package dev.attache.proxy.http.h1;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.Valve;

/**
 * Back-pressure of one exchange on a connection that serves many in turn. Whoever keeps it longer
 * than the exchange (a filter that paces a body) finds it inert: the next exchange belongs to
 * somebody else. Loop-confined.
 */
final class ExchangeValve implements Valve {
    private final Connection connection;
    private int holds;
    private boolean over;

    ExchangeValve(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void hold() {
        if (!over) {
            holds++;
            connection.input().hold();
        }
    }

    @Override
    public void release() {
        if (holds > 0) {
            holds--;
            connection.input().release();
        }
    }

    /** Gives back what is still held; from now on nothing moves. */
    void end() {
        over = true;
        while (holds > 0) {
            release();
        }
    }
}
