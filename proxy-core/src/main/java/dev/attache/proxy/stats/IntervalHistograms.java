package dev.attache.proxy.stats;

import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The histograms that a stats interval has to be ended for: those recorded to since the last one
 * ended, and those of the one before, whose interval is empty again unless they moved. Any thread.
 */
final class IntervalHistograms {

    private final Queue<HistogramCell> moved = new ConcurrentLinkedQueue<>();

    /** Set before there is traffic; read with each value. */
    SampleListener samples = SampleListener.NOBODY;

    private Set<Histogram> flushed = new LinkedHashSet<>();

    /** Once per cell and interval. */
    void add(HistogramCell cell) {
        moved.add(cell);
    }

    /**
     * A value that is recorded while this runs may find its cell noted already and counted no more;
     * the next flush counts it, because it visits the same histograms again.
     */
    synchronized void flush() {
        Set<Histogram> now = new LinkedHashSet<>();
        for (HistogramCell cell = moved.poll(); cell != null; cell = moved.poll()) {
            cell.noted = false;
            now.add(cell.histogram);
        }
        for (Histogram histogram : flushed) {
            histogram.flushInterval();
        }
        for (Histogram histogram : now) {
            if (!flushed.contains(histogram)) {
                histogram.flushInterval();
            }
        }
        flushed = now;
    }
}
