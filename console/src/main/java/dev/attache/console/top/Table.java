package dev.attache.console.top;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows as text of a given width. Pure. */
final class Table {

    private static final String FORMAT = "%9s %7s %8s %8s %8s %6s %6s %7s %7s %6s";

    /** In place of rows. Istio's bootstrap leaves out nearly all. */
    static final List<String> NOTHING =
            List.of(
                    "nothing is counted here: no traffic yet, or the bootstrap's"
                            + " stats_config.stats_matcher leaves it out",
                    "(in Istio: annotation proxy.istio.io/config with proxyStatsMatcher)");

    private static final int NUMBERS = 9 + 7 + 3 * 8 + 2 * 6 + 2 * 7 + 6 + 9;
    private static final int LEAST_NAME = 16;

    private Table() {}

    static String head(View view, int width) {
        String numbers =
                FORMAT.formatted(
                        "RQ/S", "ACTIVE", "P50 ms", "P90 ms", "P99 ms", "5XX%", "4XX%", "RETRY/S",
                        "TMOUT/S", "CX");
        return fitted(view.text().toUpperCase(Locale.ROOT), width) + " " + numbers;
    }

    /**
     * @param width of the terminal, or 0 for names as long as they are
     */
    static List<String> lines(List<Row> rows, int width) {
        List<String> lines = new ArrayList<>();
        for (Row row : rows) {
            lines.add(fitted(row.name(), width) + " " + numbers(row));
        }
        return lines;
    }

    private static String numbers(Row row) {
        return FORMAT.formatted(
                rate(row.get(Metric.REQUESTS)),
                whole(row.get(Metric.ACTIVE)),
                millis(row.p50()),
                millis(row.p90()),
                millis(row.p99()),
                percent(row.percent(Metric.SERVER_ERRORS)),
                percent(row.percent(Metric.CLIENT_ERRORS)),
                rate(row.get(Metric.RETRIES)),
                rate(row.get(Metric.TIMEOUTS)),
                whole(row.get(Metric.CONNECTIONS)));
    }

    private static String fitted(String name, int width) {
        int room = width == 0 ? 48 : Math.max(LEAST_NAME, width - NUMBERS - 1);
        String shown =
                name.length() <= room || width == 0
                        ? name
                        : name.substring(0, room / 2 - 1)
                                + "…"
                                + name.substring(name.length() - (room - room / 2));
        return shown + " ".repeat(Math.max(0, room - shown.length()));
    }

    private static String rate(double value) {
        return value == 0 ? "0" : text(value < 100 ? "%.1f" : "%.0f", value);
    }

    private static String whole(double value) {
        return text("%.0f", value);
    }

    private static String millis(double value) {
        return Double.isNaN(value) ? "-" : text(value < 100 ? "%.1f" : "%.0f", value);
    }

    private static String percent(double value) {
        return value == 0 ? "0" : text(value < 10 ? "%.1f" : "%.0f", value);
    }

    private static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
