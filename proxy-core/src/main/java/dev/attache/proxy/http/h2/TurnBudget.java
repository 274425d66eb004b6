package dev.attache.proxy.http.h2;

import dev.attache.proxy.worker.TurnClock;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * How much of what a peer has sent is worked off in one turn of the loop. What is left waits, with
 * the socket unread, until the other connections of the loop have had their turn: a burst of cheap
 * frames must not become somebody else's latency. Frames are priced by what they make us do,
 * messages moreover by the time that they took. Owned by one connection.
 */
final class TurnBudget {

    private static final int FULL = 1024;
    private static final int DATA = 2;

    private final int header;
    private final TurnClock clock;
    private int left = FULL;

    /**
     * @param messages that may begin in one turn
     */
    TurnBudget(int messages, WorkerContext worker) {
        this.header = Math.max(1, FULL / Math.max(1, messages));
        this.clock = new TurnClock(worker);
    }

    void renew() {
        left = FULL;
        clock.renew();
    }

    boolean isSpent() {
        return left <= 0;
    }

    void spend(byte frameType) {
        switch (frameType) {
            case Http2FrameTypes.HEADERS -> {
                clock.onMessage();
                left = clock.isOver() ? 0 : left - header;
            }
            case Http2FrameTypes.DATA -> left -= DATA;
            default -> left--;
        }
    }

    /** For work that grows with the connection's streams. */
    void spendOn(int streams) {
        left -= streams / 4;
    }
}
