package dev.attache.server.admin;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.HistogramBins;
import dev.attache.proxy.stats.TextReadout;
import dev.attache.proxy.stream.format.JsonText;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.TreeMap;

/** {@code /stats} as text and as JSON, in Envoy's forms. Pure. */
final class StatsText {

    static final double[] QUANTILES = {0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 100};

    private StatsText() {}

    static String text(StatsSelection selection) {
        StringBuilder out = new StringBuilder();
        for (TextReadout stat : selection.textReadouts()) {
            out.append(stat.name()).append(": \"").append(stat.value()).append("\"\n");
        }
        TreeMap<String, Long> numbers = new TreeMap<>();
        for (Counter stat : selection.counters()) {
            numbers.put(stat.name(), stat.value());
        }
        for (Gauge stat : selection.gauges()) {
            numbers.put(stat.name(), stat.value());
        }
        numbers.forEach((name, value) -> out.append(name).append(": ").append(value).append('\n'));
        for (Histogram stat : selection.histograms()) {
            out.append(stat.name()).append(": ").append(quantiles(stat)).append('\n');
        }
        return out.toString();
    }

    private static String quantiles(Histogram stat) {
        HistogramBins cumulative = stat.cumulative();
        HistogramBins interval = stat.interval();
        if (cumulative.count() == 0) {
            return "No recorded values";
        }
        StringBuilder out = new StringBuilder();
        for (double quantile : QUANTILES) {
            out.append(out.isEmpty() ? "P" : " P").append(number(quantile)).append('(');
            out.append(number(interval.quantile(quantile / 100))).append(',');
            out.append(number(cumulative.quantile(quantile / 100))).append(')');
        }
        return out.toString();
    }

    /** As C++ streams print doubles: six significant digits at most, no trailing zeros. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
        return rounded.signum() == 0 ? "0" : rounded.toPlainString();
    }

    static String json(StatsSelection selection) {
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
        TreeMap<String, Long> numbers = new TreeMap<>();
        selection.counters().forEach(stat -> numbers.put(stat.name(), stat.value()));
        selection.gauges().forEach(stat -> numbers.put(stat.name(), stat.value()));
        for (var entry : numbers.entrySet()) {
            out.append(separator).append("{\"name\":");
            JsonText.quote(out, entry.getKey());
            out.append(",\"value\":").append(entry.getValue()).append('}');
            separator = ",";
        }
        appendHistograms(out, selection, separator);
        return out.append("]}").toString();
    }

    private static void appendHistograms(
            StringBuilder out, StatsSelection selection, String separatorBefore) {
        var histograms = selection.histograms();
        if (histograms.isEmpty()) {
            return;
        }
        out.append(separatorBefore).append("{\"histograms\":{\"supported_quantiles\":[");
        String separator = "";
        for (double quantile : QUANTILES) {
            out.append(separator).append(number(quantile));
            separator = ",";
        }
        out.append("],\"computed_quantiles\":[");
        separator = "";
        for (Histogram stat : histograms) {
            out.append(separator).append("{\"name\":");
            JsonText.quote(out, stat.name());
            out.append(",\"values\":[");
            String inner = "";
            for (double quantile : QUANTILES) {
                out.append(inner).append("{\"cumulative\":");
                out.append(json(stat.cumulative().quantile(quantile / 100)));
                out.append(",\"interval\":").append(json(stat.interval().quantile(quantile / 100)));
                out.append('}');
                inner = ",";
            }
            out.append("]}");
            separator = ",";
        }
        out.append("]}}");
    }

    private static String json(double value) {
        return Double.isNaN(value) ? "null" : number(value);
    }
}
