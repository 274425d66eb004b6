package dev.attache.console.top;

import java.util.HashMap;
import java.util.Map;

/**
 * What a look at the proxy saw. Written while it is made, read from then on. One thread.
 *
 * @param nanos of a monotonic clock
 * @param rows by name, a number for each {@link Metric}
 * @param latencies by row, of those that were asked for
 */
record Sample(long nanos, Map<String, long[]> rows, Map<String, Buckets> latencies) {

    Sample(long nanos) {
        this(nanos, new HashMap<>(), new HashMap<>());
    }

    /** Adds, since several statistics may make up one number. */
    void add(String row, Metric metric, long value) {
        rows.computeIfAbsent(row, name -> new long[Metric.values().length])[metric.ordinal()] +=
                value;
    }
}
