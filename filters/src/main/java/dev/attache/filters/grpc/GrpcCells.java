package dev.attache.filters.grpc;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.HistogramCell;
import dev.attache.proxy.stats.StatsStore;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code cluster.<name>.grpc.[<service>.<method>.]*}, and the same of gRPC-Web, of one worker, made
 * when first counted. Where methods are counted apart, their number is what clients make it, as in
 * Envoy. Cells of a cluster that left are not kept. Loop-confined.
 */
public final class GrpcCells {
    private final StatsStore store;
    private final int worker;
    private final Map<String, Cell> counters = new HashMap<>();
    private final Map<String, HistogramCell> times = new HashMap<>();
    private int departures;

    public GrpcCells(StatsStore store, int worker) {
        this.store = store;
        this.worker = worker;
        this.departures = store.departures();
    }

    /** A message that says how the request ended: counts it, by its success and in all. */
    public void status(String prefix, String status) {
        add(prefix + status, 1);
        add(prefix + (status.equals("0") ? "success" : "failure"), 1);
        add(prefix + "total", 1);
    }

    public void add(String name, long count) {
        forgetIfAnyLeft();
        counters.computeIfAbsent(name, n -> store.counter(n).cell(worker)).add(count);
    }

    public void upstreamTime(String prefix, long millis) {
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
