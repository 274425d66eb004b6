package dev.attache.proxy.stats;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The cells behind a counter or gauge: one per worker on demand, and one for other threads. */
final class CellArray {

    private final AtomicLong shared = new AtomicLong();
    private volatile boolean sharedUsed;
    private volatile @Nullable Cell[] workers = new @Nullable Cell[0];

    Cell cell(int worker) {
        @Nullable Cell[] now = workers;
        Cell cell = worker < now.length ? now[worker] : null;
        return cell != null ? cell : create(worker);
    }

    private synchronized Cell create(int worker) {
        @Nullable Cell[] now = workers;
        if (worker < now.length && now[worker] != null) {
            return now[worker];
        }
        @Nullable Cell[] grown = new @Nullable Cell[Math.max(now.length, worker + 1)];
        System.arraycopy(now, 0, grown, 0, now.length);
        Cell cell = new Cell();
        grown[worker] = cell;
        workers = grown;
        return cell;
    }

    void addShared(long delta) {
        shared.addAndGet(delta);
        sharedUsed = true;
    }

    void setShared(long value) {
        shared.set(value);
        sharedUsed = true;
    }

    long sum() {
        long sum = shared.get();
        for (Cell cell : workers) {
            if (cell != null) {
                sum += cell.get();
            }
        }
        return sum;
    }

    void markUnused() {
        sharedUsed = false;
        for (Cell cell : workers) {
            if (cell != null) {
                cell.markUnused();
            }
        }
    }

    boolean used() {
        if (sharedUsed) {
            return true;
        }
        for (Cell cell : workers) {
            if (cell != null && cell.used()) {
                return true;
            }
        }
        return false;
    }
}
