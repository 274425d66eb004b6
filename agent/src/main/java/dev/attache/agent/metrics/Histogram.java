package dev.attache.agent.metrics;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** Observations in the buckets that Go's client has by itself, in seconds. Any thread. */
public final class Histogram {

    private static final double[] BOUNDS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

    private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
    private final DoubleAdder sum = new DoubleAdder();

    Histogram() {
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = new LongAdder();
        }
    }

    /** Counts one observation. */
    public void observe(double seconds) {
        int bucket = 0;
        while (bucket < BOUNDS.length && seconds > BOUNDS[bucket]) {
            bucket++;
        }
        buckets[bucket].increment();
        sum.add(seconds);
    }

    void print(StringBuilder out, String name) {
        long seen = 0;
        for (int i = 0; i < buckets.length; i++) {
            seen += buckets[i].sum();
            String bound = i < BOUNDS.length ? AgentMetrics.number(BOUNDS[i]) : "+Inf";
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
