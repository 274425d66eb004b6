package dev.attache.console.top;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A row between two looks. Immutable.
 *
 * @param perSecond of what is counted, as it is now of what is a gauge; by {@link Metric}
 * @param p50 milliseconds; NaN where it is not known
 */
record Row(String name, double[] perSecond, double p50, double p90, double p99) {

    /** What rows are sorted by. */
    enum Order {
        REQUESTS("requests", Comparator.comparingDouble((Row row) -> row.get(Metric.REQUESTS))),
        ERRORS("errors", Comparator.comparingDouble(Row::errors)),
        LATENCY("latency", Comparator.comparingDouble(row -> Double.isNaN(row.p99) ? -1 : row.p99)),
        ACTIVE("active", Comparator.comparingDouble(row -> row.get(Metric.ACTIVE))),
        RETRIES("retries", Comparator.comparingDouble(row -> row.get(Metric.RETRIES))),
        NAME("name", Comparator.comparing(Row::name).reversed());

        private final String text;
        private final Comparator<Row> rising;

        Order(String text, Comparator<Row> rising) {
            this.text = text;
            this.rising = rising;
        }

        String text() {
            return text;
        }

        Order next() {
            return values()[(ordinal() + 1) % values().length];
        }

        /** The largest first; by name where they are the same. */
        Comparator<Row> comparator() {
            return rising.reversed().thenComparing(Row::name);
        }
    }

    double get(Metric metric) {
        return perSecond[metric.ordinal()];
    }

    /** Answers of the 500s and connections that failed, a second. */
    double errors() {
        return get(Metric.SERVER_ERRORS) + get(Metric.CONNECT_FAILURES);
    }

    /** Percent of requests; where none got as far as a host, of those that failed before. */
    double percent(Metric metric) {
        double all = Math.max(get(Metric.REQUESTS), get(metric));
        return all == 0 ? 0 : 100 * get(metric) / all;
    }

    /** Of each row of the later look; those that were not there before began with nothing. */
    static List<Row> between(Sample before, Sample now) {
        double seconds = Math.max(1e-3, (now.nanos() - before.nanos()) / 1e9);
        List<Row> rows = new ArrayList<>();
        now.rows()
                .forEach((name, values) -> {
                    long[] old = before.rows().getOrDefault(name, new long[values.length]);
                    double[] rates = new double[values.length];
                    for (Metric metric : Metric.values()) {
                        int i = metric.ordinal();
                        long since = values[i] < old[i] ? values[i] : values[i] - old[i];
                        rates[i] = metric.isGauge() ? values[i] : since / seconds;
                    }
                    rows.add(
                            of(
                                    name,
                                    rates,
                                    before.latencies().get(name),
                                    now.latencies().get(name)));
                });
        return rows;
    }

    private static Row of(
            String name,
            double[] rates,
            @org.jspecify.annotations.Nullable Buckets before,
            @org.jspecify.annotations.Nullable Buckets now) {
        if (before == null || now == null) {
            return new Row(name, rates, Double.NaN, Double.NaN, Double.NaN);
        }
        Buckets since = now.since(before);
        return new Row(name, rates, since.quantile(0.5), since.quantile(0.9), since.quantile(0.99));
    }
}
