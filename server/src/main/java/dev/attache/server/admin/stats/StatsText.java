package dev.attache.server.admin.stats;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.TextReadout;
import dev.attache.proxy.stream.format.json.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /** Counters and gauges, which are sorted each, in one row; then those of hosts. */
    private static Map<String, String> numbers(StatsSelection selection, EndpointStats endpoints) {
        List<Counter> counters = selection.counters();
        List<Gauge> gauges = selection.gauges();
        Map<String, String> numbers = new LinkedHashMap<>();
        int next = 0;
        for (Counter stat : counters) {
            while (next < gauges.size() && gauges.get(next).name().compareTo(stat.name()) < 0) {
                add(gauges.get(next++), numbers);
            }
            numbers.put(stat.name(), Long.toString(stat.value()));
        }
        while (next < gauges.size()) {
            add(gauges.get(next++), numbers);
        }
        endpoints.selected(selection).forEach(each -> numbers.put(each.name(), each.value()));
        return numbers;
    }

    private static void add(Gauge stat, Map<String, String> numbers) {
        numbers.put(stat.name(), unsigned(stat));
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
        List<Histogram> measured = selection.histograms();
        if (!measured.isEmpty()) {
            out.append(separator);
            histograms.appendJson(out, measured);
        }
        return out.append("]}").toString();
    }
}
