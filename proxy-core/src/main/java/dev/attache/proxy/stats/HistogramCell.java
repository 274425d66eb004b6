package dev.attache.proxy.stats;

import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * One worker's bins. Bin 0 holds zero; bin {@code 1 + 90·e + (m − 10)} holds values whose two
 * leading digits are {@code m} (10 to 99) scaled by {@code 10^(e−1)}. The array comes with the
 * first value and grows with the largest: of a cluster's histograms most never hold one.
 */
public final class HistogramCell {

    private static final long[] NONE = new long[0];

    final Histogram histogram;

    /** Waits in the {@linkplain IntervalHistograms list} of what has moved. */
    volatile boolean noted;

    private final IntervalHistograms intervals;
    private long[] bins = NONE;
    private long sum;

    HistogramCell(Histogram histogram, IntervalHistograms intervals) {
        this.histogram = histogram;
        this.intervals = intervals;
    }

    /** Negative values count as zero. */
    public void record(long value) {
        int bin = HistogramBins.binOf(value);
        if (bin >= bins.length) {
            bins = Arrays.copyOf(bins, bin + 90);
        }
        bins[bin]++;
        sum += Math.max(0, value);
        if (!noted) {
            noted = true;
            intervals.add(this);
        }
    }

    HistogramBins read() {
        VarHandle.loadLoadFence();
        long[] now = bins;
        return now.length == 0 ? HistogramBins.EMPTY : new HistogramBins(now.clone(), sum);
    }
}
