package dev.attache.proxy.network.http;

import dev.attache.proxy.http.CodecStats;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import org.jspecify.annotations.Nullable;

/** A codec's counters in one worker's cells, made when first counted. Loop-confined. */
final class CodecCells implements CodecStats {

    private final Scope scope;
    private final int worker;
    private final @Nullable Cell[] counters = new @Nullable Cell[Counter.values().length];
    private final @Nullable Cell[] gauges = new @Nullable Cell[Gauge.values().length];

    CodecCells(Scope scope, int worker) {
        this.scope = scope;
        this.worker = worker;
    }

    @Override
    public void increment(Counter counter) {
        Cell cell = counters[counter.ordinal()];
        if (cell == null) {
            cell = scope.counter(counter.statName()).cell(worker);
            counters[counter.ordinal()] = cell;
        }
        cell.inc();
    }

    @Override
    public void add(Gauge gauge, long delta) {
        Cell cell = gauges[gauge.ordinal()];
        if (cell == null) {
            cell = scope.gauge(gauge.statName()).cell(worker);
            gauges[gauge.ordinal()] = cell;
        }
        cell.add(delta);
    }
}
