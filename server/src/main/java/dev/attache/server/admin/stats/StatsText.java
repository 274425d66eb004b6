package dev.attache.server.admin.stats;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.TextReadout;
import dev.attache.proxy.stream.format.json.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** {@code /stats} as text and as JSON, in Envoy's forms. Pure. */
final class StatsText {

    static final double[] QUANTILES = {0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 100};

    private StatsText() {}

    static String text(
            StatsSelection selection, EndpointStats endpoints, HistogramText histograms) {
        StringBuilder out = new StringBuilder();
        for (TextReadout stat : selection.textReadouts()) {
            out.append(stat.name()).append(": \"").append(stat.value()).append("\"\n");
        }
        numbers(selection, endpoints)
                .forEach((name, value) -> out.append(name).append(": ").append(value).append('\n'));
        for (Histogram stat : selection.histograms()) {
            out.append(stat.name()).append(histograms.text(stat)).append('\n');
        }
        return out.toString();
    }

    private static Map<String, String> numbers(StatsSelection selection, EndpointStats endpoints) {
        Map<String, String> numbers = new TreeMap<>();
        for (Counter stat : selection.counters()) {
            numbers.put(stat.name(), Long.toString(stat.value()));
        }
        for (Gauge stat : selection.gauges()) {
            numbers.put(stat.name(), unsigned(stat));
        }
        Map<String, String> all = new LinkedHashMap<>(numbers);
        endpoints.selected(selection).forEach(each -> all.put(each.name(), each.value()));
        return all;
    }

    /** Gauges have 64 bits without a sign, as Envoy's have. */
    static String unsigned(Gauge stat) {
        return Long.toUnsignedString(stat.value());
    }

    static String json(
            StatsSelection selection, EndpointStats endpoints, HistogramText histograms) {
        StringBuilder out = new StringBuilder("{\"stats\":[");
        String separator = "";
        for (TextReadout stat : selection.textReadouts()) {
            out.append(separator).append("{\"name\":");
            JsonText.quote(out, stat.name());
            out.append(",\"value\":");
            JsonText.quote(out, stat.value());
            out.append('}');
            separator = ",";
        }
        for (var entry : numbers(selection, endpoints).entrySet()) {
            out.append(separator).append("{\"name\":");
            JsonText.quote(out, entry.getKey());
            out.append(",\"value\":").append(entry.getValue()).append('}');
            separator = ",";
        }
        if (!selection.histograms().isEmpty()) {
            out.append(separator);
            histograms.appendJson(out, selection.histograms());
        }
        return out.append("]}").toString();
    }
}
