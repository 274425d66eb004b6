package dev.attache.filters.grpc;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.HistogramCell;
import dev.attache.proxy.stats.StatsStore;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code cluster.<name>.grpc.[<service>.<method>.]*}, and the same of gRPC-Web, of one worker, made
 * when first counted. Where methods are counted apart, clients make the names up: long ones, and
 * new ones beyond {@link #MOST_NAMES}, are not counted. Cells of a cluster that left are not kept.
 * Loop-confined.
 */
public final class GrpcCells {
    private static final Logger LOG = LoggerFactory.getLogger("filter");
    private static final int COUNTERS_OF_A_METHOD = 5;

    /**
     * Of counters, for each filter of a chain; a name that is counted stays as long as its cluster.
     */
    static final int MOST_NAMES = 20_000;

    /** In octets. */
    static final int LONGEST_NAME = 1024;

    private final StatsStore store;
    private final int worker;
    private final Map<String, Cell> counters = new HashMap<>();

    /** By prefix. */
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
        Cell cell = counters.get(name);
        if (cell == null && counters.size() < MOST_NAMES && name.length() <= LONGEST_NAME) {
            cell = store.counter(name).cell(worker);
            counters.put(name, cell);
            if (counters.size() == MOST_NAMES) {
                LOG.warn(
                        "{} statistics of gRPC methods, the last one {}: new ones are not counted",
                        MOST_NAMES,
                        name);
            }
        }
        if (cell != null) {
            cell.add(count);
        }
    }

    public void upstreamTime(String prefix, long millis) {
        forgetIfAnyLeft();
        HistogramCell cell = times.get(prefix);
        if (cell == null
                && times.size() < MOST_NAMES / COUNTERS_OF_A_METHOD
                && prefix.length() <= LONGEST_NAME) {
            cell = store.histogram(time(prefix), Histogram.Unit.MILLISECONDS).cell(worker);
            times.put(prefix, cell);
        }
        if (cell != null) {
            cell.record(millis);
        }
    }

    private static String time(String prefix) {
        return prefix + "upstream_rq_time";
    }

    /** A cluster that has come again since has other cells under the same names. */
    private void forgetIfAnyLeft() {
        int now = store.departures();
        if (now != departures) {
            departures = now;
            counters.keySet().removeIf(name -> store.listedCounter(name) == null);
            counters.replaceAll((name, cell) -> store.counter(name).cell(worker));
            times.keySet().removeIf(prefix -> store.listedHistogram(time(prefix)) == null);
            times.replaceAll((prefix, cell) ->
                    store.histogram(time(prefix), Histogram.Unit.MILLISECONDS).cell(worker));
        }
    }
}
