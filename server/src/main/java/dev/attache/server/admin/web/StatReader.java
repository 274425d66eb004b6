package dev.attache.server.admin.web;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.HistogramBins;
import dev.attache.proxy.stats.StatsStore;

/** Statistics below one prefix by their names; what nobody has counted yet is zero. Any thread. */
final class StatReader {

    private final StatsStore store;
    private final String prefix;

    /**
     * @param prefix ends in a dot
     */
    StatReader(StatsStore store, String prefix) {
        this.store = store;
        this.prefix = StatsStore.sanitize(prefix);
    }

    long counter(String name) {
        Counter counter = store.listedCounter(prefix + name);
        return counter == null ? 0 : counter.value();
    }

    long gauge(String name) {
        Gauge gauge = store.listedGauge(prefix + name);
        return gauge == null ? 0 : gauge.value();
    }

    HistogramBins bins(String name) {
        Histogram histogram = store.listedHistogram(prefix + name);
        return histogram == null ? HistogramBins.EMPTY : histogram.cumulative();
    }

    /** Each as a field of its own name. */
    void counters(JsonPage page, String... names) {
        for (String name : names) {
            page.field(name, counter(name));
        }
    }

    /** Each as a field of its own name. */
    void gauges(JsonPage page, String... names) {
        for (String name : names) {
            page.field(name, gauge(name));
        }
    }
}
