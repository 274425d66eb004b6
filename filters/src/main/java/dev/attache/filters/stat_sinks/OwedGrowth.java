package dev.attache.filters.stat_sinks;

import dev.attache.proxy.sink.StatsSnapshot;
import dev.attache.proxy.sink.StatsSnapshot.Counted;
import dev.attache.proxy.stats.Counter;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * By how much counters have grown in flushes that were left out: told with the next that is not, so
 * that sums of what is told come out right. Of the flush thread.
 */
public final class OwedGrowth {

    private Map<Counter, Long> owed = new IdentityHashMap<>();

    /** A flush is left out. Counters that are no longer listed are forgotten. */
    public void add(StatsSnapshot leftOut) {
        Map<Counter, Long> sums = new IdentityHashMap<>();
        for (Counted counted : settled(leftOut.counters())) {
            if (counted.delta() != 0) {
                sums.put(counted.counter(), counted.delta());
            }
        }
        owed = sums;
    }

    /** A flush that is told: with what is owed. */
    public StatsSnapshot settle(StatsSnapshot told) {
        if (owed.isEmpty()) {
            return told;
        }
        StatsSnapshot whole =
                new StatsSnapshot(
                        told.timeMillis(),
                        told.previousMillis(),
                        settled(told.counters()),
                        told.gauges(),
                        told.histograms());
        owed = new IdentityHashMap<>();
        return whole;
    }

    private List<Counted> settled(List<Counted> counters) {
        List<Counted> all = new ArrayList<>(counters.size());
        for (Counted counted : counters) {
            Long more = owed.get(counted.counter());
            all.add(
                    more == null
                            ? counted
                            : new Counted(counted.counter(), counted.delta() + more));
        }
        return all;
    }
}
