package dev.attache.proxy.http.h2;

import dev.attache.proxy.connection.Connection;
import java.util.ArrayDeque;

/**
 * Shares the connection's window and its socket among streams: a ring, one frame a turn. Nothing is
 * written while the connection is above its high watermark, so that what waits, waits in its own
 * stream's queue and no stream can get ahead of others.
 */
final class Sender {

    private final Connection connection;
    private final ArrayDeque<Http2Stream> ring = new ArrayDeque<>();
    private int window = 65535;
    private boolean running;

    Sender(Connection connection) {
        this.connection = connection;
    }

    int window() {
        return window;
    }

    /** WINDOW_UPDATE on stream 0; false where the window would pass 2^31-1. */
    boolean grow(int increment) {
        if (window + (long) increment > Integer.MAX_VALUE) {
            return false;
        }
        window += increment;
        return true;
    }

    /** The stream has something to send, or a larger window. */
    void schedule(Http2Stream stream) {
        if (!stream.scheduled && stream.wantsToSend()) {
            stream.scheduled = true;
            ring.add(stream);
        }
        run();
    }

    /** Writes as long as windows and socket allow. */
    void run() {
        if (running) {
            return;
        }
        running = true;
        try {
            int blocked = 0;
            while (blocked < ring.size() && !connection.isAboveHighWatermark()) {
                Http2Stream stream = ring.remove();
                if (stream.canSend(window)) {
                    window -= stream.sendOne(window);
                    blocked = 0;
                }
                if (!stream.wantsToSend() || (stream.hasQueuedData() && stream.sendWindow <= 0)) {
                    // Comes back with more to send or with its next WINDOW_UPDATE.
                    stream.scheduled = false;
                } else {
                    ring.add(stream);
                    if (!stream.canSend(window)) {
                        blocked++;
                    }
                }
            }
        } finally {
            running = false;
        }
    }

    void clear() {
        ring.clear();
    }
}
