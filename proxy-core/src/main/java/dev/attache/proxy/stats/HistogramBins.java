package dev.attache.proxy.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * An immutable reading of a histogram, with libcircllhist's quantile arithmetic: linear within a
 * bin, but a histogram of one sample answers the middle of its bin.
 */
public final class HistogramBins {

    public static final HistogramBins EMPTY = new HistogramBins(0, new long[0], 0);

    private final int first;
    private final long[] bins;
    private final long sum;
    private final long count;

    /**
     * @param first the number of the first bin
     */
    HistogramBins(int first, long[] bins, long sum) {
        this.first = first;
        this.bins = bins;
        this.sum = sum;
        long total = 0;
        for (long bin : bins) {
            total += bin;
        }
        this.count = total;
    }

    static int binOf(long value) {
        if (value <= 0) {
            return 0;
        }
        int exponent = 0;
        long mantissa = value;
        if (value < 10) {
            return 1 + (int) (value * 10 - 10);
        }
        while (mantissa >= 100) {
            mantissa /= 10;
            exponent++;
        }
        return 1 + 90 * (exponent + 1) + (int) (mantissa - 10);
    }

    private static double lowerBound(int bin) {
        if (bin == 0) {
            return 0;
        }
        int exponent = (bin - 1) / 90;
        int mantissa = (bin - 1) % 90 + 10;
        return mantissa * Math.pow(10, exponent - 1);
    }

    private static double width(int bin) {
        return bin == 0 ? 0 : Math.pow(10, (bin - 1) / 90 - 1);
    }

    public long count() {
        return count;
    }

    /** A bin with what fell into it. */
    public record Bin(double lowerBound, double width, long count) {}

    /** The bins that have something, from the lowest. */
    public List<Bin> used() {
        List<Bin> used = new ArrayList<>();
        for (int i = 0; i < bins.length; i++) {
            if (bins[i] != 0) {
                used.add(new Bin(lowerBound(first + i), width(first + i), bins[i]));
            }
        }
        return used;
    }

    public long sum() {
        return sum;
    }

    /**
     * The sum as the bins tell it, each value taken for its bin's weighted middle: what
     * libcircllhist calls the approximate sum, and Prometheus gets.
     */
    public double approximateSum() {
        double total = 0;
        for (Bin bin : used()) {
            double bottom = bin.lowerBound();
            if (bottom > 0) {
                double top = bottom + bin.width();
                total += bin.count() * (bottom + bin.width() * bottom / (bottom + top));
            }
        }
        return total;
    }

    /** What fell into both. */
    public HistogramBins plus(HistogramBins other) {
        if (count == 0 || other.count == 0) {
            return count == 0 ? other : this;
        }
        return with(other, 1);
    }

    HistogramBins minus(HistogramBins other) {
        return with(other, -1);
    }

    private HistogramBins with(HistogramBins other, int sign) {
        if (other.bins.length == 0) {
            return this;
        }
        int begin = Math.min(first, other.first);
        int end = Math.max(first + bins.length, other.first + other.bins.length);
        long[] all = new long[end - begin];
        System.arraycopy(bins, 0, all, first - begin, bins.length);
        for (int i = 0; i < other.bins.length; i++) {
            all[other.first - begin + i] += sign * other.bins[i];
        }
        return new HistogramBins(begin, all, sum + sign * other.sum);
    }

    /**
     * Value at quantile {@code q} in 0..1; NaN when nothing was recorded. The values of a bin are
     * taken for evenly spread over it, none of them at its ends.
     */
    public double quantile(double q) {
        if (count == 0) {
            return Double.NaN;
        }
        long target = Math.max(1, (long) Math.ceil(q * count));
        long below = 0;
        int last = 0;
        for (int i = 0; i < bins.length; i++) {
            if (bins[i] == 0) {
                continue;
            }
            last = first + i;
            long upTo = below + bins[i];
            if (upTo >= target) {
                double within = (double) (target - below) / (bins[i] + 1);
                return lowerBound(last) + within * width(last);
            }
            below = upTo;
        }
        return lowerBound(last) + width(last);
    }

    /** How many recorded values are at most {@code bound}: a cumulative Prometheus bucket. */
    public long countAtMost(double bound) {
        long total = 0;
        for (int i = 0; i < bins.length; i++) {
            int bin = first + i;
            if (bin == 0 || lowerBound(bin) + width(bin) <= bound * (1 + 1e-12)) {
                total += bins[i];
            }
        }
        return total;
    }
}
