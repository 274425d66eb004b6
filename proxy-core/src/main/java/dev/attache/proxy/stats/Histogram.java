package dev.attache.proxy.stats;

import org.jspecify.annotations.Nullable;

/**
 * A distribution in log-linear bins of two significant decimal digits, as libcircllhist keeps them,
 * so that quantiles agree with Envoy's. Workers record through their {@link #cell}; {@link
 * #cumulative()} adds the cells up, {@link #flushInterval()} closes a stats interval.
 */
public final class Histogram implements Stat {

    /** What is measured; decides nothing but how Prometheus and sinks name it. */
    public enum Unit {
        UNSPECIFIED,
        BYTES,
        MICROSECONDS,
        MILLISECONDS,
        PERCENT
    }

    private final String name;
    private final Unit unit;
    private volatile @Nullable HistogramCell[] workers = new @Nullable HistogramCell[0];
    private final IntervalHistograms intervals;
    private final HistogramCell shared;
    private HistogramBins lastFlushed = HistogramBins.EMPTY;
    private volatile HistogramBins interval = HistogramBins.EMPTY;
    private volatile long unusedUpTo;

    Histogram(String name, Unit unit, IntervalHistograms intervals) {
        this.name = name;
        this.unit = unit;
        this.intervals = intervals;
        this.shared = new HistogramCell(this, intervals);
    }

    public HistogramCell cell(int index) {
        @Nullable HistogramCell[] now = workers;
        HistogramCell cell = index < now.length ? now[index] : null;
        return cell != null ? cell : create(index);
    }

    private synchronized HistogramCell create(int index) {
        @Nullable HistogramCell[] now = workers;
        if (index < now.length && now[index] != null) {
            return now[index];
        }
        @Nullable HistogramCell[] grown =
                new @Nullable HistogramCell[Math.max(now.length, index + 1)];
        System.arraycopy(now, 0, grown, 0, now.length);
        HistogramCell cell = new HistogramCell(this, intervals);
        grown[index] = cell;
        workers = grown;
        return cell;
    }

    /** From a thread without a cell. */
    public void record(long value) {
        synchronized (shared) {
            shared.record(value);
        }
    }

    /** Everything recorded since start. */
    public synchronized HistogramBins cumulative() {
        HistogramBins sum = shared.read();
        for (HistogramCell cell : workers) {
            if (cell != null) {
                sum = sum.plus(cell.read());
            }
        }
        return sum;
    }

    /** Ends the current interval; {@link IntervalHistograms} knows when. */
    synchronized void flushInterval() {
        HistogramBins now = cumulative();
        interval = now.minus(lastFlushed);
        lastFlushed = now;
    }

    /** The last finished interval. */
    public HistogramBins interval() {
        return interval;
    }

    public Unit unit() {
        return unit;
    }

    @Override
    public String name() {
        return name;
    }

    /** What was recorded so far is no use any more. */
    void markUnused() {
        unusedUpTo = cumulative().count();
    }

    @Override
    public boolean used() {
        long before = unusedUpTo;
        if (before > 0) {
            return cumulative().count() > before;
        }
        boolean empty = shared.isEmpty();
        for (HistogramCell cell : workers) {
            empty &= cell == null || cell.isEmpty();
        }
        return !empty;
    }
}
