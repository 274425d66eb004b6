package dev.attache.xds.stream;

import java.util.concurrent.TimeUnit;

/**
 * Gives a stream within the process a connection in the statistics, which ends with it: what it is
 * over a socket where a connection carries one stream. Bytes are not counted, there are none. Main
 * loop only, one for each stream.
 */
final class LocalTraffic implements TransportEvents {

    private final TransportEvents events;
    private final long began = System.nanoTime();
    private boolean connected;
    private boolean failed;
    private boolean byPeer;

    LocalTraffic(TransportEvents events) {
        this.events = events;
    }

    @Override
    public void streamWanted() {
        events.connecting();
        events.streamWanted();
    }

    @Override
    public void streamReady() {
        if (!connected) {
            connected = true;
            events.connected(sinceBegan());
        }
        events.streamReady();
    }

    @Override
    public void streamAnswered() {
        streamReady();
        events.streamAnswered();
    }

    @Override
    public void streamClosed(int code) {
        byPeer = true;
        neverConnected();
        events.streamClosed(code);
    }

    @Override
    public void streamEnded() {
        neverConnected();
        events.streamEnded();
        if (connected) {
            events.closed(byPeer, sinceBegan());
        }
    }

    private void neverConnected() {
        if (!connected && !failed) {
            failed = true;
            events.connectFailed();
        }
    }

    private long sinceBegan() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }
}
