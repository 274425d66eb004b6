package dev.attache.server.admin.stats;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.HistogramBins;
import dev.attache.proxy.stats.HistogramBuckets;
import dev.attache.proxy.stats.StatLabels;
import dev.attache.proxy.stats.TextReadout;
import dev.attache.proxy.stats.tags.TagExtraction;
import dev.attache.proxy.stats.tags.TagExtraction.Tag;
import dev.attache.proxy.stats.tags.TagExtraction.Tagged;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** {@code /stats/prometheus}: text exposition with tags as labels, in Envoy's forms. Pure. */
final class PrometheusText {

    private static final List<String> CUSTOM_NAMESPACES =
            List.of("istiocustom.", "wasmcustom.", "istio_");

    private final TagExtraction tags;
    private final Function<String, StatLabels> given;
    private final HistogramBuckets bounds;
    private final boolean summary;
    private final StringBuilder out = new StringBuilder();

    private PrometheusText(
            TagExtraction tags,
            Function<String, StatLabels> given,
            HistogramBuckets bounds,
            boolean summary) {
        this.tags = tags;
        this.given = given;
        this.bounds = bounds;
        this.summary = summary;
    }

    /**
     * @param given the labels that a stat has beside those of its name
     * @param bounds of histograms
     * @param textReadouts printed as gauges with the text as a label
     * @param summary histograms as quantiles instead of buckets
     */
    static String of(
            StatsSelection selection,
            EndpointStats endpoints,
            TagExtraction tags,
            Function<String, StatLabels> given,
            HistogramBuckets bounds,
            boolean textReadouts,
            boolean summary) {
        PrometheusText text = new PrometheusText(tags, given, bounds, summary);
        text.family(
                selection.counters(),
                Counter::name,
                "counter",
                (sample, stat) -> text.sample(sample, "", "", Long.toString(stat.value())));
        text.family(
                selection.gauges(),
                Gauge::name,
                "gauge",
                (sample, stat) -> text.sample(sample, "", "", StatsText.unsigned(stat)));
        if (textReadouts) {
            text.family(
                    selection.textReadouts(),
                    TextReadout::name,
                    "gauge",
                    (sample, stat) ->
                            text.sample(
                                    sample,
                                    "",
                                    "text_value=\"" + escape(stat.value()) + "\"",
                                    "0"));
        }
        text.family(
                selection.histograms(),
                Histogram::name,
                summary ? "summary" : "histogram",
                text::histogram);
        text.endpoints(endpoints.selected(selection), false);
        text.endpoints(endpoints.selected(selection), true);
        return text.out.toString();
    }

    /** A stat's exposed name and labels. */
    private record Sample(String name, String labels) {}

    private <T> void family(
            List<T> stats, Function<T, String> name, String type, BiConsumer<Sample, T> print) {
        Map<String, List<Runnable>> families = new TreeMap<>();
        List<T> ordered = new ArrayList<>(stats);
        ordered.sort(Comparator.comparing(name, PrometheusText::compare));
        for (T stat : ordered) {
            Tagged tagged = tags.extract(name.apply(stat), given.apply(name.apply(stat)));
            String exposed = exposedName(tagged.name());
            Sample sample = new Sample(exposed, labels(tagged.tags()));
            // In the order of the names as they are inside, as Envoy has it.
            families.computeIfAbsent(tagged.name(), k -> new ArrayList<>())
                    .add(() -> print.accept(sample, stat));
        }
        families.forEach((family, samples) -> {
            out.append("# TYPE ").append(exposedName(family)).append(' ').append(type).append('\n');
            samples.forEach(Runnable::run);
        });
    }

    /** Those of hosts, behind all others as in Envoy. */
    private void endpoints(List<EndpointStats.Sample> samples, boolean gauges) {
        Map<String, List<EndpointStats.Sample>> families = new TreeMap<>();
        for (EndpointStats.Sample each : samples) {
            if (each.gauge() == gauges) {
                families.computeIfAbsent(each.stat(), k -> new ArrayList<>()).add(each);
            }
        }
        families.forEach((stat, members) -> {
            String name = "envoy_cluster_endpoint_" + stat;
            out.append("# TYPE ").append(name).append(gauges ? " gauge\n" : " counter\n");
            for (EndpointStats.Sample each : members) {
                sample(new Sample(name, labels(each.tags())), "", "", each.value());
            }
        });
    }

    /** Part by part, as Envoy compares names here: the dot stands before any other character. */
    static int compare(String left, String right) {
        int shorter = Math.min(left.length(), right.length());
        for (int i = 0; i < shorter; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                return a == '.' ? -1 : b == '.' ? 1 : Character.compare(a, b);
            }
        }
        return left.length() - right.length();
    }

    private static String exposedName(String name) {
        for (String namespace : CUSTOM_NAMESPACES) {
            if (name.startsWith(namespace)) {
                return sanitize(
                        namespace.endsWith(".") ? name.substring(namespace.length()) : name);
            }
        }
        return "envoy_" + sanitize(name);
    }

    private static String sanitize(String name) {
        StringBuilder clean = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean valid =
                    (c >= 'a' && c <= 'z')
                            || (c >= 'A' && c <= 'Z')
                            || c == '_'
                            || (c >= '0' && c <= '9');
            clean.append(valid ? c : '_');
        }
        return clean.toString();
    }

    private static String labels(List<Tag> tags) {
        StringBuilder labels = new StringBuilder();
        for (Tag tag : tags) {
            if (!labels.isEmpty()) {
                labels.append(',');
            }
            labels.append(sanitize(tag.name()))
                    .append("=\"")
                    .append(escape(tag.value()))
                    .append('"');
        }
        return labels.toString();
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"");
    }

    private void sample(Sample sample, String suffix, String extraLabel, String value) {
        out.append(sample.name).append(suffix).append('{').append(sample.labels);
        if (!extraLabel.isEmpty()) {
            if (!sample.labels.isEmpty()) {
                out.append(',');
            }
            out.append(extraLabel);
        }
        out.append("} ").append(value).append('\n');
    }

    private void histogram(Sample sample, Histogram stat) {
        HistogramBins bins = stat.cumulative();
        if (summary) {
            for (double quantile : StatsText.QUANTILES) {
                sample(
                        sample,
                        "",
                        "quantile=\"" + NumberText.of(quantile / 100) + "\"",
                        NumberText.exact(bins.quantile(quantile / 100)));
            }
        } else {
            for (double bound : bounds.of(stat.name())) {
                sample(
                        sample,
                        "_bucket",
                        "le=\"" + NumberText.exact(bound) + "\"",
                        Long.toString(bins.countAtMost(bound)));
            }
            sample(sample, "_bucket", "le=\"+Inf\"", Long.toString(bins.count()));
        }
        sample(sample, "_sum", "", NumberText.exact(bins.approximateSum()));
        sample(sample, "_count", "", Long.toString(bins.count()));
    }
}
