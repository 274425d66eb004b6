package dev.attache.proxy.stats;

import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * One worker's bins. Bin 0 holds zero; bin {@code 1 + 90·e + (m − 10)} holds values whose two
 * leading digits are {@code m} (10 to 99) scaled by {@code 10^(e−1)}. The array grows with the
 * largest value.
 */
public final class HistogramCell {

    private long[] bins = new long[128];
    private long sum;

    HistogramCell() {}

    /** Negative values count as zero. */
    public void record(long value) {
        int bin = HistogramBins.binOf(value);
        if (bin >= bins.length) {
            bins = Arrays.copyOf(bins, bin + 90);
        }
        bins[bin]++;
        sum += Math.max(0, value);
    }

    HistogramBins read() {
        VarHandle.loadLoadFence();
        return new HistogramBins(bins.clone(), sum);
    }
}
