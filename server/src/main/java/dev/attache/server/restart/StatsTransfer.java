package dev.attache.server.restart;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.StatsStore;

/**
 * Prints what a process has counted for the one that goes on with it: a line for each counter with
 * what its sinks have been told ({@code c told grown name}), by later calls only what has come
 * since, and for each gauge ({@code g value name}). Histograms stay, as in Envoy. Of one thread;
 * nobody else latches counters once this has begun.
 */
public final class StatsTransfer {

    private StatsTransfer() {}

    /**
     * @param connections which are open in this process
     * @param first whether nothing has been given to that process before
     */
    public static String print(StatsStore store, long connections, boolean first) {
        StringBuilder out = new StringBuilder();
        out.append("n ").append(connections).append('\n');
        for (Counter counter : store.countersInUse()) {
            long all = counter.value();
            long grown = counter.latch();
            // A reset since then has taken it from the value, not from what has grown.
            long told = first ? all - grown : 0;
            if (told != 0 || grown != 0) {
                line(out, "c " + told + ' ' + grown, counter.name());
            }
        }
        for (Gauge gauge : store.gaugesInUse()) {
            line(out, "g " + gauge.value(), gauge.name());
        }
        return out.toString();
    }

    /** A name with a line end, which no configuration can want, is left out. */
    private static void line(StringBuilder out, String numbers, String name) {
        if (name.indexOf('\n') < 0) {
            out.append(numbers).append(' ').append(name).append('\n');
        }
    }
}
