package dev.attache.agent.status.scrape;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How much of the heap scrapes may take: so many at once, and of those that hold large bodies of
 * several applications only as many as fit into an eighth of the heap. Others wait in the order in
 * which they came, as long as Prometheus does. Any thread.
 */
final class ScrapeRoom {

    /** What cannot be answered now: with 503, for nothing of a page may be left out for it. */
    static final class Full extends IOException {
        private static final long serialVersionUID = 1;

        Full(String message) {
            super(message, null);
        }
    }

    private static final int MOST_SCRAPES = 32;

    /** What a scrape may hold of all bodies before it counts as large. */
    private static final int SMALL = 1 << 20;

    private static final int SMALLEST = 16 * 1024;
    private static final int PART_OF_HEAP = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Semaphore running;
    private final Semaphore large;
    private final int small;
    private final Duration patience;

    /**
     * @param small bytes of one body that may be held without asking
     * @param patience what a scrape waits at most, whatever its own limit is
     */
    ScrapeRoom(int scrapes, int large, int small, Duration patience) {
        this.running = new Semaphore(scrapes, true);
        this.large = new Semaphore(large, true);
        this.small = small;
        this.patience = patience;
    }

    /** Room for pages that are put together from so many applications. */
    static ScrapeRoom of(int targets) {
        int applications = Math.max(1, targets);
        long most = (long) applications * HeldScrape.MOST;
        return new ScrapeRoom(
                MOST_SCRAPES,
                (int) Math.max(1, Runtime.getRuntime().maxMemory() / PART_OF_HEAP / most),
                Math.max(SMALLEST, SMALL / applications),
                PATIENCE);
    }

    /**
     * Waits until a scrape may begin; what is returned ends it.
     *
     * @throws Full when the time is over
     */
    Place enter(Duration limit) throws IOException {
        Duration longest = limit.compareTo(patience) < 0 ? limit : patience;
        if (!acquire(running, longest)) {
            throw new Full("other scrapes have not ended in time; try again");
        }
        return new Place(longest);
    }

    private static boolean acquire(Semaphore permits, Duration limit) throws IOException {
        try {
            return permits.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** One scrape's. Any thread. */
    final class Place implements AutoCloseable {
        private final Duration limit;
        private boolean holdsMuch;
        private boolean closed;

        Place(Duration limit) {
            this.limit = limit;
        }

        /** Bytes of one body that may be held without asking. */
        int small() {
            return small;
        }

        /**
         * Waits until large bodies may be held, if this scrape does not yet.
         *
         * @throws Full when the time is over
         */
        synchronized void holdMuch() throws IOException {
            if (closed) {
                throw new Full("the scrape has ended");
            }
            if (!holdsMuch) {
                if (!acquire(large, limit)) {
                    throw new Full("other scrapes hold large bodies; try again");
                }
                holdsMuch = true;
            }
        }

        @Override
        public synchronized void close() {
            closed = true;
            if (holdsMuch) {
                large.release();
            }
            running.release();
        }
    }
}
