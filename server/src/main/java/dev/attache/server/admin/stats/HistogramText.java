package dev.attache.server.admin.stats;

import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.HistogramBins;
import dev.attache.proxy.stats.HistogramBins.Bin;
import dev.attache.proxy.stats.HistogramBuckets;
import dev.attache.proxy.stream.format.json.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The histograms of {@code /stats} as text and as JSON, in Envoy's forms. Pure. */
final class HistogramText {

    private final HistogramDisplay display;
    private final HistogramBuckets bounds;

    HistogramText(HistogramDisplay display, HistogramBuckets bounds) {
        this.display = display;
        this.bounds = bounds;
    }

    /** What stands behind the name, from the colon on. */
    String text(Histogram stat) {
        HistogramBins cumulative = stat.cumulative();
        HistogramBins interval = stat.interval();
        if (cumulative.count() == 0) {
            return ": No recorded values";
        }
        return switch (display) {
            case QUANTILES, PROMETHEUS_NATIVE -> ": " + quantiles(interval, cumulative);
            case CUMULATIVE, DISJOINT -> ": " + buckets(stat.name(), interval, cumulative);
            case DETAILED ->
                    ":\n  totals="
                            + bins(cumulative)
                            + "\n  intervals="
                            + bins(interval)
                            + "\n  summary="
                            + quantiles(interval, cumulative);
        };
    }

    private static String quantiles(HistogramBins interval, HistogramBins cumulative) {
        List<String> parts = new ArrayList<>();
        for (double quantile : StatsText.QUANTILES) {
            parts.add(
                    "P%s(%s,%s)"
                            .formatted(
                                    NumberText.of(quantile),
                                    NumberText.shortest(interval.quantile(quantile / 100)),
                                    NumberText.shortest(cumulative.quantile(quantile / 100))));
        }
        return String.join(" ", parts);
    }

    private String buckets(String name, HistogramBins interval, HistogramBins cumulative) {
        List<String> parts = new ArrayList<>();
        double below = -1;
        for (double bound : bounds.of(name)) {
            parts.add(
                    "B%s(%d,%d)"
                            .formatted(
                                    NumberText.of(bound),
                                    upTo(interval, below, bound),
                                    upTo(cumulative, below, bound)));
            below = bound;
        }
        return String.join(" ", parts);
    }

    private long upTo(HistogramBins bins, double below, double bound) {
        long all = bins.countAtMost(bound);
        return display == HistogramDisplay.DISJOINT && below >= 0
                ? all - bins.countAtMost(below)
                : all;
    }

    private static String bins(HistogramBins bins) {
        return String.join(", ", bins.used().stream().map(HistogramText::bin).toList());
    }

    private static String bin(Bin bin) {
        return NumberText.of(bin.lowerBound())
                + ","
                + NumberText.of(bin.width())
                + ":"
                + bin.count();
    }

    /** The member of {@code stats} that holds all histograms. */
    void appendJson(StringBuilder out, List<Histogram> histograms) {
        switch (display) {
            case QUANTILES, PROMETHEUS_NATIVE -> {
                out.append("{\"histograms\":{\"supported_quantiles\":");
                list(out, quantileList(), NumberText::of);
                out.append(",\"computed_quantiles\":");
                list(out, histograms, stat -> named(stat, "values", quantileJson(stat)));
                out.append("}}");
            }
            case CUMULATIVE, DISJOINT -> {
                out.append("{\"histograms\":");
                list(out, histograms, stat -> named(stat, "buckets", bucketJson(stat)));
                out.append('}');
            }
            case DETAILED -> {
                out.append("{\"histograms\":{\"supported_percentiles\":");
                list(out, quantileList(), NumberText::of);
                out.append(",\"details\":");
                list(out, histograms, this::detailed);
                out.append("}}");
            }
        }
    }

    private static List<Double> quantileList() {
        List<Double> list = new ArrayList<>();
        for (double quantile : StatsText.QUANTILES) {
            list.add(quantile);
        }
        return list;
    }

    private static <T> void list(StringBuilder out, List<T> items, Function<T, String> text) {
        out.append('[').append(String.join(",", items.stream().map(text).toList())).append(']');
    }

    private static String named(Histogram stat, String key, String value) {
        StringBuilder out = new StringBuilder("{\"name\":");
        JsonText.quote(out, stat.name());
        return out.append(",\"").append(key).append("\":").append(value).append('}').toString();
    }

    private static String quantileJson(Histogram stat) {
        StringBuilder out = new StringBuilder();
        HistogramBins cumulative = stat.cumulative();
        HistogramBins interval = stat.interval();
        list(
                out,
                quantileList(),
                quantile ->
                        "{\"cumulative\":%s,\"interval\":%s}"
                                .formatted(
                                        json(cumulative.quantile(quantile / 100)),
                                        json(interval.quantile(quantile / 100))));
        return out.toString();
    }

    private String bucketJson(Histogram stat) {
        HistogramBins cumulative = stat.cumulative();
        HistogramBins interval = stat.interval();
        List<String> parts = new ArrayList<>();
        double below = -1;
        for (double bound : bounds.of(stat.name())) {
            parts.add(
                    "{\"upper_bound\":%s,\"interval\":%d,\"cumulative\":%d}"
                            .formatted(
                                    NumberText.shortest(bound),
                                    upTo(interval, below, bound),
                                    upTo(cumulative, below, bound)));
            below = bound;
        }
        return "[" + String.join(",", parts) + "]";
    }

    private String detailed(Histogram stat) {
        StringBuilder out = new StringBuilder();
        list(out, stat.cumulative().used(), HistogramText::binJson);
        out.append(",\"intervals\":");
        list(out, stat.interval().used(), HistogramText::binJson);
        out.append(",\"percentiles\":").append(quantileJson(stat));
        return named(stat, "totals", out.toString());
    }

    private static String binJson(Bin bin) {
        return "{\"lower_bound\":%s,\"width\":%s,\"count\":%d}"
                .formatted(
                        NumberText.of(bin.lowerBound()), NumberText.of(bin.width()), bin.count());
    }

    private static String json(double value) {
        return Double.isNaN(value) ? "null" : NumberText.shortest(value);
    }
}
