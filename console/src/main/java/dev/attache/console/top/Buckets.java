package dev.attache.console.top;

/**
 * A histogram with buckets of its own, each counted by itself. Immutable.
 *
 * @param bounds upper ones, rising
 * @param counts since the proxy has started
 */
record Buckets(double[] bounds, long[] counts) {

    /** What came since an earlier look; all of it where that has other buckets or more in them. */
    Buckets since(Buckets before) {
        if (before.counts.length != counts.length) {
            return this;
        }
        long[] since = new long[counts.length];
        for (int i = 0; i < since.length; i++) {
            since[i] = counts[i] - before.counts[i];
            if (since[i] < 0) {
                return this;
            }
        }
        return new Buckets(bounds, since);
    }

    /** Within the bucket by its share, as Prometheus does; NaN where nothing is in any. */
    double quantile(double share) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        if (total == 0) {
            return Double.NaN;
        }
        double rank = share * total;
        double below = 0;
        double seen = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0 && seen + counts[i] >= rank) {
                return below + (bounds[i] - below) * (rank - seen) / counts[i];
            }
            seen += counts[i];
            below = bounds[i];
        }
        return below;
    }
}
