package dev.attache.agent.http;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** When something has to be over. Immutable; any thread. */
public final class Deadline {

    private final long atNanos;
    private final boolean none;

    private Deadline(long atNanos, boolean none) {
        this.atNanos = atNanos;
        this.none = none;
    }

    public static Deadline in(Duration limit) {
        return new Deadline(System.nanoTime() + limit.toNanos(), false);
    }

    public static Deadline never() {
        return new Deadline(0, true);
    }

    /**
     * What is left, at least one; 0 where there is no end.
     *
     * @throws SocketTimeoutException when it is over
     */
    int millis() throws SocketTimeoutException {
        if (none) {
            return 0;
        }
        long left = atNanos - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("the time is up");
        }
        return (int) Math.min(Integer.MAX_VALUE, left / 1_000_000 + 1);
    }
}
