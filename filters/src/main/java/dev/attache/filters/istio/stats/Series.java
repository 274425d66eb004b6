package dev.attache.filters.istio.stats;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.HistogramCell;
import dev.attache.proxy.stats.StatLabels;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of all streams with the same values, as one worker counts them; each is made when it
 * is first counted. Loop-confined.
 */
final class Series {
    private static final Object UNMADE = new Object();

    final int hash;
    private final @Nullable String[] values;
    private final @Nullable Object[] cells;
    private final @Nullable Object[] custom;

    /**
     * @param values belong to it from now on
     */
    Series(int hash, @Nullable String[] values, int customMetrics) {
        this.hash = hash;
        this.values = values;
        this.cells = new @Nullable Object[StandardMetric.COUNT];
        this.custom = new @Nullable Object[customMetrics];
        Arrays.fill(cells, UNMADE);
        Arrays.fill(custom, UNMADE);
    }

    boolean is(@Nullable String[] other) {
        for (int i = 0; i < values.length; i++) {
            if (!Objects.equals(values[i], other[i])) {
                return false;
            }
        }
        return true;
    }

    void add(StandardMetric metric, long count, OpenMetrics open) {
        Object cell = cells[metric.ordinal()];
        if (cell == UNMADE) {
            LabelRow row = open.plan().row(metric);
            StatLabels labels = row == null ? null : open.labels(metric.statName(), row, values);
            cell =
                    labels == null
                            ? null
                            : open.scope()
                                    .counter(metric.statName(), labels)
                                    .cell(open.workerIndex());
            cells[metric.ordinal()] = cell;
        }
        if (cell instanceof Cell counter) {
            counter.add(count);
        }
    }

    void record(StandardMetric metric, long value, OpenMetrics open) {
        Object cell = cells[metric.ordinal()];
        if (cell == UNMADE) {
            LabelRow row = open.plan().row(metric);
            StatLabels labels = row == null ? null : open.labels(metric.statName(), row, values);
            cell =
                    labels == null
                            ? null
                            : open.scope()
                                    .histogram(metric.statName(), metric.unit(), labels)
                                    .cell(open.workerIndex());
            cells[metric.ordinal()] = cell;
        }
        if (cell instanceof HistogramCell histogram) {
            histogram.record(value);
        }
    }

    /** The metrics that the configuration defines. */
    void custom(long[] amounts, OpenMetrics open) {
        for (int i = 0; i < custom.length; i++) {
            Object stat = custom[i];
            if (stat == UNMADE) {
                stat = make(open.plan().custom().get(i), open);
                custom[i] = stat;
            }
            switch (stat) {
                case Cell counter -> counter.add(amounts[i]);
                case HistogramCell histogram -> histogram.record(amounts[i]);
                case Gauge gauge -> gauge.set(amounts[i]);
                case null, default -> {
                    // There are too many: it is not counted.
                }
            }
        }
    }

    private @Nullable Object make(MetricPlan.Custom metric, OpenMetrics open) {
        StatLabels labels = open.labels(metric.statName(), metric.row(), values);
        if (labels == null) {
            return null;
        }
        String name = metric.statName();
        return switch (metric.type()) {
            case COUNTER -> open.scope().counter(name, labels).cell(open.workerIndex());
            case GAUGE -> open.scope().gauge(name, labels);
            case HISTOGRAM ->
                    open.scope()
                            .histogram(name, Histogram.Unit.BYTES, labels)
                            .cell(open.workerIndex());
        };
    }
}
