package dev.attache.proxy.sink;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.StatsStore;
import java.util.ArrayList;
import java.util.List;

/**
 * The statistics in use at one flush, as all sinks are shown them. What was never counted is not
 * among them, what did not move is, with a growth of zero. Of the flush thread.
 *
 * @param timeMillis when it was taken, since 1970
 * @param previousMillis when the one before was; for the first, when the process began to flush
 */
public record StatsSnapshot(
        long timeMillis,
        long previousMillis,
        List<Counted> counters,
        List<Gauge> gauges,
        List<Histogram> histograms) {

    /** A counter, and by how much it has grown since the flush before. */
    public record Counted(Counter counter, long delta) {}

    static StatsSnapshot of(StatsStore store, long timeMillis, long previousMillis) {
        List<Counter> used = store.countersInUse();
        List<Counted> counters = new ArrayList<>(used.size());
        for (Counter counter : used) {
            counters.add(new Counted(counter, counter.latch()));
        }
        return new StatsSnapshot(
                timeMillis, previousMillis, counters, store.gaugesInUse(), store.histogramsInUse());
    }
}
