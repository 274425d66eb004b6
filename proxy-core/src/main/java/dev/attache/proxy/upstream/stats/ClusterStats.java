package dev.attache.proxy.upstream.stats;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.HistogramCell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.lb.BalancerStats;
import org.jspecify.annotations.Nullable;

/**
 * One worker's share of a cluster's stats. Cells are looked up once and kept; counting is a plain
 * add. Owned by the worker's cluster, loop-confined.
 */
public final class ClusterStats implements BalancerStats {

    private static final int MAX_CODE = 600;
    private static final BalancerStats.Stat[] BALANCER = BalancerStats.Stat.values();
    private static final ClusterCounter[] OF_BALANCER = balancerCounters();

    private final Scope scope;
    private final int worker;
    private final @Nullable Cell[] counters = new @Nullable Cell[ClusterCounter.values().length];
    private final @Nullable Cell[] gauges = new @Nullable Cell[ClusterGauge.values().length];
    private final @Nullable HistogramCell[] histograms =
            new @Nullable HistogramCell[ClusterHistogram.values().length];
    private final @Nullable CodeCells[] codes =
            new @Nullable CodeCells[ResponseGroup.values().length];

    /**
     * @param scope {@code cluster.<altStatName>.}
     * @param worker index of the worker
     */
    public ClusterStats(Scope scope, int worker) {
        this.scope = scope;
        this.worker = worker;
    }

    /** {@code cluster.<altStatName>.}, for stats that rooms name themselves. */
    public Scope scope() {
        return scope;
    }

    public void inc(ClusterCounter counter) {
        add(counter, 1);
    }

    public void add(ClusterCounter counter, long delta) {
        Cell cell = counters[counter.ordinal()];
        if (cell == null) {
            cell = scope.counter(counter.text()).cell(worker);
            counters[counter.ordinal()] = cell;
        }
        cell.add(delta);
    }

    /** {@code delta} may be negative. */
    public void add(ClusterGauge gauge, long delta) {
        Cell cell = gauges[gauge.ordinal()];
        if (cell == null) {
            cell = scope.gauge(gauge.text()).cell(worker);
            gauges[gauge.ordinal()] = cell;
        }
        cell.add(delta);
    }

    public void record(ClusterHistogram histogram, long value) {
        HistogramCell cell = histograms[histogram.ordinal()];
        if (cell == null) {
            cell = scope.histogram(histogram.text(), histogram.unit()).cell(worker);
            histograms[histogram.ordinal()] = cell;
        }
        cell.record(value);
    }

    /**
     * Counts a response: {@code upstream_rq_completed}, {@code upstream_rq_2xx} and {@code
     * upstream_rq_200} under the group's prefix.
     */
    public void response(ResponseGroup group, int status) {
        codes(group).count(status);
    }

    /** Records {@code upstream_rq_time} under the group's prefix. */
    public void responseTime(ResponseGroup group, long millis) {
        codes(group).time(millis);
    }

    private CodeCells codes(ResponseGroup group) {
        CodeCells cells = codes[group.ordinal()];
        if (cells == null) {
            cells = new CodeCells(group.prefix());
            codes[group.ordinal()] = cells;
        }
        return cells;
    }

    @Override
    public void inc(BalancerStats.Stat stat) {
        inc(OF_BALANCER[stat.ordinal()]);
    }

    private static ClusterCounter[] balancerCounters() {
        ClusterCounter[] counters = new ClusterCounter[BALANCER.length];
        for (BalancerStats.Stat stat : BALANCER) {
            counters[stat.ordinal()] = ClusterCounter.valueOf(stat.name());
        }
        return counters;
    }

    /** Response-code cells under one prefix, made when a code first appears. */
    private final class CodeCells {
        private final String prefix;
        private final Cell completed;
        private final @Nullable Cell[] classes = new @Nullable Cell[6];
        private final @Nullable Cell[] byCode = new @Nullable Cell[MAX_CODE];
        private @Nullable HistogramCell time;

        CodeCells(String prefix) {
            this.prefix = prefix;
            this.completed = scope.counter(prefix + "upstream_rq_completed").cell(worker);
        }

        void count(int status) {
            completed.inc();
            if (status < 100 || status >= MAX_CODE) {
                return;
            }
            int family = status / 100;
            Cell ofClass = classes[family];
            if (ofClass == null) {
                ofClass = scope.counter(prefix + "upstream_rq_" + family + "xx").cell(worker);
                classes[family] = ofClass;
            }
            ofClass.inc();
            Cell ofCode = byCode[status];
            if (ofCode == null) {
                ofCode = scope.counter(prefix + "upstream_rq_" + status).cell(worker);
                byCode[status] = ofCode;
            }
            ofCode.inc();
        }

        void time(long millis) {
            HistogramCell cell = time;
            if (cell == null) {
                cell =
                        scope.histogram(
                                        prefix + ClusterHistogram.UPSTREAM_RQ_TIME.text(),
                                        ClusterHistogram.UPSTREAM_RQ_TIME.unit())
                                .cell(worker);
                time = cell;
            }
            cell.record(millis);
        }
    }
}
