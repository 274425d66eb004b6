package dev.attache.filters.stat_sinks.metrics_service;

import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.sink.StatsSinkScope;
import dev.attache.proxy.sink.StatsSnapshot;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.HistogramBins;
import dev.attache.proxy.stats.HistogramBuckets;
import dev.attache.proxy.stats.Stat;
import dev.attache.proxy.stats.tags.TagExtraction.Tag;
import dev.attache.proxy.stats.tags.TagExtraction.Tagged;

/**
 * Statistics as {@code io.prometheus.client.MetricFamily}, each a family of one metric. Immutable.
 *
 * @param deltas {@code report_counters_as_deltas}
 * @param labels {@code emit_tags_as_labels}
 * @param summaries histograms are told as quantiles
 * @param buckets histograms are told as buckets
 */
record MetricFamilies(boolean deltas, boolean labels, boolean summaries, boolean buckets) {

    /** Of {@code MetricFamily}. */
    private static final int NAME = 1;

    private static final int TYPE = 3;
    private static final int METRIC = 4;

    private static final int COUNTER_TYPE = 0;
    private static final int GAUGE_TYPE = 1;
    private static final int SUMMARY_TYPE = 2;
    private static final int HISTOGRAM_TYPE = 4;

    /** Of {@code Metric}. */
    private static final int LABEL = 1;

    private static final int GAUGE = 2;
    private static final int COUNTER = 3;
    private static final int SUMMARY = 4;
    private static final int TIMESTAMP_MS = 6;
    private static final int HISTOGRAM = 7;

    /** Of {@code Summary} and {@code Histogram}. */
    private static final int SAMPLE_COUNT = 1;

    private static final int SAMPLE_SUM = 2;
    private static final int PARTS = 3;

    private static final double PERCENT_SCALE = 1_000_000;

    /** Takes families, one after the other. */
    interface Taker {

        /** Where the next one is to be written, as this field. */
        MessageWriter next();

        int field();
    }

    void write(StatsSnapshot snapshot, StatsSinkScope scope, Taker taker) {
        long time = snapshot.timeMillis();
        for (StatsSnapshot.Counted counted : snapshot.counters()) {
            long value = deltas ? counted.delta() : counted.counter().value();
            family(
                    taker,
                    scope,
                    counted.counter(),
                    COUNTER_TYPE,
                    time,
                    out -> number(out, COUNTER, value));
        }
        for (Gauge gauge : snapshot.gauges()) {
            long value = gauge.value();
            family(taker, scope, gauge, GAUGE_TYPE, time, out -> number(out, GAUGE, value));
        }
        for (Histogram histogram : snapshot.histograms()) {
            if (summaries) {
                family(taker, scope, histogram, SUMMARY_TYPE, time, out -> summary(out, histogram));
            }
            if (buckets) {
                double[] bounds = scope.buckets().of(histogram.name());
                family(
                        taker,
                        scope,
                        histogram,
                        HISTOGRAM_TYPE,
                        time,
                        out -> histogram(out, histogram, bounds));
            }
        }
    }

    /** Writes what a metric of some type has. */
    @FunctionalInterface
    private interface Content {
        void write(MessageWriter out);
    }

    private void family(
            Taker taker, StatsSinkScope scope, Stat stat, int type, long time, Content content) {
        MessageWriter out = taker.next();
        int family = out.begin(taker.field());
        Tagged tagged =
                labels
                        ? scope.tags().extract(stat.name(), scope.stats().labels(stat.name()))
                        : null;
        out.textAlways(NAME, tagged == null ? stat.name() : tagged.name());
        out.numberAlways(TYPE, type);
        int metric = out.begin(METRIC);
        if (tagged != null) {
            for (Tag tag : tagged.tags()) {
                int label = out.begin(LABEL);
                out.textAlways(1, tag.name());
                out.textAlways(2, tag.value());
                out.end(label);
            }
        }
        content.write(out);
        out.numberAlways(TIMESTAMP_MS, time);
        out.end(metric);
        out.end(family);
    }

    private static void number(MessageWriter out, int field, long value) {
        int begun = out.begin(field);
        out.real(1, value);
        out.end(begun);
    }

    private static void summary(MessageWriter out, Histogram histogram) {
        HistogramBins bins = histogram.interval();
        double scale = scale(histogram);
        int begun = out.begin(SUMMARY);
        out.numberAlways(SAMPLE_COUNT, bins.count());
        out.real(SAMPLE_SUM, bins.approximateSum() / scale);
        for (double quantile : HistogramBuckets.quantiles()) {
            int part = out.begin(PARTS);
            out.real(1, quantile);
            out.real(2, bins.quantile(quantile) / scale);
            out.end(part);
        }
        out.end(begun);
    }

    private static void histogram(MessageWriter out, Histogram histogram, double[] bounds) {
        HistogramBins bins = histogram.interval();
        double scale = scale(histogram);
        int begun = out.begin(HISTOGRAM);
        out.numberAlways(SAMPLE_COUNT, bins.count());
        out.real(SAMPLE_SUM, bins.approximateSum() / scale);
        for (double bound : bounds) {
            int part = out.begin(PARTS);
            out.numberAlways(1, bins.countAtMost(bound * scale));
            out.real(2, bound);
            out.end(part);
        }
        out.end(begun);
    }

    private static double scale(Histogram histogram) {
        return histogram.unit() == Histogram.Unit.PERCENT ? PERCENT_SCALE : 1;
    }
}
