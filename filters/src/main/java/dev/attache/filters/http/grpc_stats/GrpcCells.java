package dev.attache.filters.http.grpc_stats;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.HistogramCell;
import dev.attache.proxy.stats.StatsStore;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code cluster.<name>.grpc.[<service>.<method>.]*} of one worker, made when first counted. Where
 * methods are counted apart, their number is what clients make it, as in Envoy. Cells of a cluster
 * that left are not kept. Loop-confined.
 */
final class GrpcCells {
    private final StatsStore store;
    private final int worker;
    private final Map<String, Cell> counters = new HashMap<>();
    private final Map<String, HistogramCell> times = new HashMap<>();
    private int departures;

    GrpcCells(StatsStore store, int worker) {
        this.store = store;
        this.worker = worker;
        this.departures = store.departures();
    }

    void status(String prefix, String status) {
        add(prefix + status, 1);
        add(prefix + (status.equals("0") ? "success" : "failure"), 1);
        add(prefix + "total", 1);
    }

    void add(String name, long count) {
        forgetIfAnyLeft();
        counters.computeIfAbsent(name, n -> store.counter(n).cell(worker)).add(count);
    }

    void upstreamTime(String prefix, long millis) {
        forgetIfAnyLeft();
        times.computeIfAbsent(
                        prefix + "upstream_rq_time",
                        n -> store.histogram(n, Histogram.Unit.MILLISECONDS).cell(worker))
                .record(millis);
    }

    private void forgetIfAnyLeft() {
        int now = store.departures();
        if (now != departures) {
            departures = now;
            counters.clear();
            times.clear();
        }
    }
}
