package dev.attache.proxy.stats;

import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * One worker's bins. Bin 0 holds zero; bin {@code 1 + 90·e + (m − 10)} holds values whose two
 * leading digits are {@code m} (10 to 99) scaled by {@code 10^(e−1)}. Only the bins from the lowest
 * to the highest that were hit take memory, and none before the first value: of the histograms of
 * thousands of clusters most hold none or a few values that lie close together.
 */
public final class HistogramCell {

    private static final long[] NONE = {0};

    /** More bins than asked for, on the side on which it grows. */
    private static final int SPARE = 7;

    final Histogram histogram;

    /** Waits in the {@linkplain IntervalHistograms list} of what has moved. */
    volatile boolean noted;

    private final IntervalHistograms intervals;

    /** The number of the first bin, and then the bins: one field, so that a reader finds both. */
    private long[] bins = NONE;

    private long sum;

    HistogramCell(Histogram histogram, IntervalHistograms intervals) {
        this.histogram = histogram;
        this.intervals = intervals;
    }

    /** Negative values count as zero. */
    public void record(long value) {
        int bin = HistogramBins.binOf(value);
        long[] now = bins;
        int at = bin - (int) now[0] + 1;
        if (at < 1 || at >= now.length) {
            now = grow(bin);
            at = bin - (int) now[0] + 1;
        }
        now[at]++;
        sum += Math.max(0, value);
        SampleListener told = intervals.samples;
        if (told != SampleListener.NOBODY) {
            told.onSample(histogram, value);
        }
        if (!noted) {
            noted = true;
            intervals.add(this);
        }
    }

    private long[] grow(int bin) {
        long[] now = bins;
        int first = now.length == 1 ? bin : (int) now[0];
        int end = Math.max(first + now.length - 1, bin + 1 + SPARE);
        int begin = bin < first ? Math.max(0, bin - SPARE) : first;
        long[] grown = new long[end - begin + 1];
        grown[0] = begin;
        System.arraycopy(now, 1, grown, first - begin + 1, now.length - 1);
        VarHandle.storeStoreFence();
        bins = grown;
        return grown;
    }

    boolean isEmpty() {
        return bins.length == 1;
    }

    HistogramBins read() {
        VarHandle.loadLoadFence();
        long[] now = bins;
        return now.length == 1
                ? HistogramBins.EMPTY
                : new HistogramBins((int) now[0], Arrays.copyOfRange(now, 1, now.length), sum);
    }
}
