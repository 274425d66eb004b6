package dev.attache.filters.stat_sinks.open_telemetry;

import dev.attache.filters.wire.MessageWriter;
import dev.attache.proxy.sink.StatsSinkScope;
import dev.attache.proxy.sink.StatsSnapshot;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.HistogramBins;
import dev.attache.proxy.stats.Stat;
import dev.attache.proxy.stats.tags.TagExtraction.Tag;
import dev.attache.proxy.stats.tags.TagExtraction.Tagged;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Statistics as {@code ExportMetricsServiceRequest}, each a metric with one point. Immutable.
 *
 * @param counterDeltas {@code report_counters_as_deltas}
 * @param histogramDeltas {@code report_histograms_as_deltas}
 * @param attributes tags are told beside the name
 * @param shortNames names without their tags
 * @param prefix with its dot, or empty
 * @param resource {@code Resource}, written
 * @param maxPoints of one request; 0 = all
 */
record OtlpMetrics(
        boolean counterDeltas,
        boolean histogramDeltas,
        boolean attributes,
        boolean shortNames,
        String prefix,
        byte[] resource,
        long maxPoints) {

    private static final int RESOURCE_METRICS = 1;
    private static final int RESOURCE = 1;
    private static final int SCOPE_METRICS = 2;
    private static final int METRICS = 2;

    /** Of {@code Metric}. */
    private static final int NAME = 1;

    private static final int GAUGE = 5;
    private static final int SUM = 7;
    private static final int HISTOGRAM = 9;

    private static final int DATA_POINTS = 1;
    private static final int AGGREGATION_TEMPORALITY = 2;
    private static final int IS_MONOTONIC = 3;
    private static final int DELTA = 1;
    private static final int CUMULATIVE = 2;

    /** Of {@code NumberDataPoint}, the first two of {@code HistogramDataPoint}, too. */
    private static final int START_TIME_UNIX_NANO = 2;

    private static final int TIME_UNIX_NANO = 3;
    private static final int AS_INT = 6;
    private static final int NUMBER_ATTRIBUTES = 7;

    private static final int COUNT = 4;
    private static final int TOTAL = 5;
    private static final int BUCKET_COUNTS = 6;
    private static final int EXPLICIT_BOUNDS = 7;
    private static final int HISTOGRAM_ATTRIBUTES = 9;

    private static final double PERCENT_SCALE = 1_000_000;

    private static final long MILLI = 1_000_000;

    /** Of what is measured rather than counted. */
    private static final long NO_START = 0;

    /** The requests of one flush. */
    List<byte[]> requests(StatsSnapshot snapshot, StatsSinkScope scope, long startMillis) {
        Requests requests = new Requests();
        for (Gauge gauge : snapshot.gauges()) {
            Tagged tagged = tagged(gauge, scope);
            MessageWriter out = requests.next();
            int metric = begin(out, gauge, tagged);
            int data = out.begin(GAUGE);
            point(out, snapshot, NO_START, tagged, gauge.value());
            out.end(data);
            out.end(metric);
        }
        for (StatsSnapshot.Counted counted : snapshot.counters()) {
            if (counterDeltas && counted.delta() == 0) {
                continue;
            }
            Tagged tagged = tagged(counted.counter(), scope);
            MessageWriter out = requests.next();
            int metric = begin(out, counted.counter(), tagged);
            int data = out.begin(SUM);
            point(
                    out,
                    snapshot,
                    counterDeltas ? snapshot.previousMillis() : startMillis,
                    tagged,
                    counterDeltas ? counted.delta() : counted.counter().value());
            out.number(AGGREGATION_TEMPORALITY, counterDeltas ? DELTA : CUMULATIVE);
            out.flag(IS_MONOTONIC, true);
            out.end(data);
            out.end(metric);
        }
        for (Histogram histogram : snapshot.histograms()) {
            Tagged tagged = tagged(histogram, scope);
            MessageWriter out = requests.next();
            int metric = begin(out, histogram, tagged);
            int data = out.begin(HISTOGRAM);
            histogram(out, snapshot, startMillis, tagged, histogram, scope);
            out.number(AGGREGATION_TEMPORALITY, histogramDeltas ? DELTA : CUMULATIVE);
            out.end(data);
            out.end(metric);
        }
        return requests.done();
    }

    /** Attributes are in order of their names. */
    private Tagged tagged(Stat stat, StatsSinkScope scope) {
        Tagged tagged = scope.tags().extract(stat.name(), scope.stats().labels(stat.name()));
        if (tagged.tags().size() < 2) {
            return tagged;
        }
        List<Tag> sorted = new ArrayList<>(tagged.tags());
        sorted.sort(Comparator.comparing(Tag::name));
        return new Tagged(tagged.name(), sorted);
    }

    private int begin(MessageWriter out, Stat stat, Tagged tagged) {
        int metric = out.begin(METRICS);
        out.text(NAME, prefix + (shortNames ? tagged.name() : stat.name()));
        return metric;
    }

    private void point(
            MessageWriter out, StatsSnapshot snapshot, long start, Tagged tagged, long value) {
        int point = out.begin(DATA_POINTS);
        out.fixed(START_TIME_UNIX_NANO, start * MILLI);
        out.fixed(TIME_UNIX_NANO, snapshot.timeMillis() * MILLI);
        out.fixedAlways(AS_INT, value);
        attributes(out, NUMBER_ATTRIBUTES, tagged);
        out.end(point);
    }

    private void histogram(
            MessageWriter out,
            StatsSnapshot snapshot,
            long startMillis,
            Tagged tagged,
            Histogram histogram,
            StatsSinkScope scope) {
        HistogramBins bins = histogramDeltas ? histogram.interval() : histogram.cumulative();
        double scale = histogram.unit() == Histogram.Unit.PERCENT ? PERCENT_SCALE : 1;
        double[] bounds = scope.buckets().of(histogram.name());
        long[] counts = new long[bounds.length + 1];
        long[] shown = new long[bounds.length];
        long below = 0;
        for (int i = 0; i < bounds.length; i++) {
            long upTo = bins.countAtMost(bounds[i] * scale);
            counts[i] = upTo - below;
            shown[i] = Double.doubleToRawLongBits(bounds[i]);
            below = upTo;
        }
        counts[bounds.length] = bins.count() - below;
        int point = out.begin(DATA_POINTS);
        long start = histogramDeltas ? snapshot.previousMillis() : startMillis;
        out.fixed(START_TIME_UNIX_NANO, start * MILLI);
        out.fixed(TIME_UNIX_NANO, snapshot.timeMillis() * MILLI);
        out.fixed(COUNT, bins.count());
        out.real(TOTAL, bins.approximateSum() / scale);
        out.packed(BUCKET_COUNTS, counts);
        out.packed(EXPLICIT_BOUNDS, shown);
        attributes(out, HISTOGRAM_ATTRIBUTES, tagged);
        out.end(point);
    }

    private void attributes(MessageWriter out, int field, Tagged tagged) {
        if (attributes) {
            for (Tag tag : tagged.tags()) {
                int begun = out.begin(field);
                out.text(1, tag.name());
                int value = out.begin(2);
                out.textAlways(1, tag.value());
                out.end(value);
                out.end(begun);
            }
        }
    }

    /** Metrics, so many to a request. */
    private final class Requests {
        private final List<byte[]> done = new ArrayList<>();
        private MessageWriter metrics = new MessageWriter(16 * 1024);
        private long points;

        MessageWriter next() {
            if (maxPoints > 0 && points == maxPoints) {
                finish();
            }
            points++;
            return metrics;
        }

        private void finish() {
            MessageWriter whole = new MessageWriter(metrics.size() + resource.length + 32);
            int ofResource = whole.begin(RESOURCE_METRICS);
            whole.content(RESOURCE, resource);
            int scope = whole.begin(SCOPE_METRICS);
            whole.fields(metrics);
            whole.end(scope);
            whole.end(ofResource);
            done.add(whole.toByteArray());
            metrics = new MessageWriter(16 * 1024);
            points = 0;
        }

        List<byte[]> done() {
            if (points > 0) {
                finish();
            }
            return done;
        }
    }
}
