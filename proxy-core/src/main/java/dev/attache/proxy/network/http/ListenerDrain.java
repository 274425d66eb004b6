package dev.attache.proxy.network.http;

import dev.attache.proxy.worker.Timer;

/**
 * The end of a connection whose listener drains: it comes in the last third of the drain time, for
 * each connection at another moment, so that those without a response to tell it by do not all come
 * back at once when the time is over. As in Envoy there is none where the drain timeout of the
 * connection manager does not fit in. Loop-confined.
 */
final class ListenerDrain extends Timer {

    private final HttpConnectionManager manager;
    private boolean armed;
    private boolean over;

    ListenerDrain(HttpConnectionManager manager) {
        this.manager = manager;
    }

    /**
     * @param leftMillis until the listener's drain ends
     * @param totalMillis that it takes as a whole
     * @param timeoutMillis between the two GOAWAYs
     */
    void arm(long leftMillis, long totalMillis, long timeoutMillis) {
        long first = Math.max(0, leftMillis - totalMillis / 3);
        long room = leftMillis - timeoutMillis - first;
        if (!armed && room > 0) {
            armed = true;
            long random = Long.remainderUnsigned(manager.worker().random(), room);
            manager.worker().timers().schedule(this, first + random);
        }
    }

    /** Whether tunnels, which end only when their peers wish, end with the connection. */
    boolean isOver() {
        return over;
    }

    @Override
    protected void expire() {
        over = true;
        manager.leaveWithListener();
    }
}
