package dev.attache.filters.http.grpc_stats;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.HistogramCell;
import dev.attache.proxy.stats.StatsStore;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code cluster.<name>.grpc.[<service>.<method>.]*} of one worker, made when first counted. Where
 * methods are counted apart, their number is what clients make it, as in Envoy. Loop-confined.
 */
final class GrpcCells {
    private final StatsStore store;
    private final int worker;
    private final Map<String, Cell> counters = new HashMap<>();
    private final Map<String, HistogramCell> times = new HashMap<>();

    GrpcCells(StatsStore store, int worker) {
        this.store = store;
        this.worker = worker;
    }

    void status(String prefix, String status) {
        add(prefix + status, 1);
        add(prefix + (status.equals("0") ? "success" : "failure"), 1);
        add(prefix + "total", 1);
    }

    void add(String name, long count) {
        counters.computeIfAbsent(name, n -> store.counter(n).cell(worker)).add(count);
    }

    void upstreamTime(String prefix, long millis) {
        times.computeIfAbsent(
                        prefix + "upstream_rq_time",
                        n -> store.histogram(n, Histogram.Unit.MILLISECONDS).cell(worker))
                .record(millis);
    }
}
