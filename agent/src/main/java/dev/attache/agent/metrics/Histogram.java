package dev.attache.agent.metrics;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** Observations in buckets, in seconds. Any thread. */
public final class Histogram {

    /** What Go's client has by itself. */
    private static final double[] USUAL = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

    private final double[] bounds;
    private final LongAdder[] buckets;
    private final DoubleAdder sum = new DoubleAdder();

    /**
     * @param bounds of the buckets, ascending; none are the usual ones
     */
    Histogram(double... bounds) {
        this.bounds = bounds.length == 0 ? USUAL : bounds.clone();
        this.buckets = new LongAdder[this.bounds.length + 1];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = new LongAdder();
        }
    }

    /** Counts one observation. */
    public void observe(double seconds) {
        int bucket = 0;
        while (bucket < bounds.length && seconds > bounds[bucket]) {
            bucket++;
        }
        buckets[bucket].increment();
        sum.add(seconds);
    }

    void print(StringBuilder out, String name) {
        long seen = 0;
        for (int i = 0; i < buckets.length; i++) {
            seen += buckets[i].sum();
            String bound = i < bounds.length ? AgentMetrics.number(bounds[i]) : "+Inf";
            out.append(name)
                    .append("_bucket{le=\"")
                    .append(bound)
                    .append("\"} ")
                    .append(seen)
                    .append('\n');
        }
        out.append(name).append("_sum ").append(AgentMetrics.number(sum.sum())).append('\n');
        out.append(name).append("_count ").append(seen).append('\n');
    }
}
