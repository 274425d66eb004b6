package dev.attache.proxy.upstream.discovery;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many wait for names of one cache ({@code max_pending_requests}). Global by nature; written by
 * those alone who have to wait. Any thread.
 */
public final class PendingNames {

    private final int max;
    private final DnsCacheStats stats;
    private final AtomicInteger count = new AtomicInteger();

    PendingNames(int max, DnsCacheStats stats) {
        this.max = max;
        this.stats = stats;
        stats.pendingOpen.set(0);
        stats.pendingRemaining.set(max);
    }

    /** Whether one more may wait; that none may is counted. */
    public boolean hasRoom() {
        if (count.get() < max) {
            return true;
        }
        stats.pendingOverflow.inc();
        return false;
    }

    /** Somebody begins to wait, after {@link #hasRoom}. */
    public void enter() {
        tell(count.incrementAndGet());
    }

    void left() {
        tell(count.decrementAndGet());
    }

    private void tell(int now) {
        stats.pendingOpen.set(now >= max ? 1 : 0);
        stats.pendingRemaining.set(Math.max(0, max - now));
    }
}
