package dev.attache.proxy.worker;

import java.util.concurrent.TimeUnit;

/**
 * How long one connection has worked on messages in this turn of the loop. What a message costs
 * depends on what it sets off: an answer by the proxy itself is cheap, a request for which a
 * connection to an upstream is opened is not. A turn of one message asks no clock. Owned by one
 * codec.
 */
public final class TurnClock {

    /** Sixteen messages of the usual kind take less. */
    private static final long SHARE = TimeUnit.MICROSECONDS.toNanos(250);

    private final WorkerContext worker;
    private int messages;
    private long begun;

    public TurnClock(WorkerContext worker) {
        this.worker = worker;
    }

    /** A turn of this connection begins. */
    public void renew() {
        messages = 0;
    }

    /** Messages begun in this turn. */
    public int messages() {
        return messages;
    }

    /** A message begins. */
    public void onMessage() {
        if (messages++ == 1) {
            begun = worker.nanoTime();
        }
    }

    /** Whether those of this turn, the first aside, have taken more than one connection's share. */
    public boolean isOver() {
        return messages > 1 && worker.nanoTime() - begun > SHARE;
    }
}
