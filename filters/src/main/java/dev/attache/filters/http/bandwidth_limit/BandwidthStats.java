package dev.attache.filters.http.bandwidth_limit;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.HistogramCell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;

/** {@code <stat_prefix>.http_bandwidth_limit.*}, one worker's cells. */
record BandwidthStats(Way request, Way response) {

    /** Of one direction. */
    record Way(
            Cell enabled,
            Cell enforced,
            Cell pending,
            Gauge incomingSize,
            Gauge allowedSize,
            Cell incomingTotalSize,
            Cell allowedTotalSize,
            HistogramCell transferDuration) {

        private static Way of(Scope scope, String way, int worker) {
            return new Way(
                    scope.counter(way + "_enabled").cell(worker),
                    scope.counter(way + "_enforced").cell(worker),
                    scope.gauge(way + "_pending").cell(worker),
                    scope.gauge(way + "_incoming_size"),
                    scope.gauge(way + "_allowed_size"),
                    scope.counter(way + "_incoming_total_size").cell(worker),
                    scope.counter(way + "_allowed_total_size").cell(worker),
                    scope.histogram(way + "_transfer_duration", Histogram.Unit.MILLISECONDS)
                            .cell(worker));
        }
    }

    static BandwidthStats of(StatsStore store, String statPrefix, int worker) {
        Scope scope = store.scope(statPrefix + ".http_bandwidth_limit.");
        return new BandwidthStats(
                Way.of(scope, "request", worker), Way.of(scope, "response", worker));
    }
}
