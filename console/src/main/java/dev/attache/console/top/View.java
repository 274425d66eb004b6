package dev.attache.console.top;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A kind of rows, and which statistics they are made of. */
enum View {
    LISTENERS(
            "listener",
            'l',
            "^listener\\..*\\.(downstream_cx_active|downstream_rq_completed|downstream_rq_4xx"
                    + "|downstream_rq_5xx)$",
            "listener\\.(?<row>.+?)(\\.http\\..+)?\\.downstream_(?<stat>cx_active|rq_\\w+)",
            ""),
    MANAGERS(
            "http",
            'm',
            "^http\\..*\\.(downstream_cx_active|downstream_rq_total|downstream_rq_active"
                    + "|downstream_rq_4xx|downstream_rq_5xx)$",
            "http\\.(?<row>.+)\\.downstream_(?<stat>cx_active|rq_\\w+)",
            "http.%s.downstream_rq_time"),
    ROUTES(
            "route",
            'r',
            "^vhost\\..*\\.(upstream_rq_completed|upstream_rq_4xx|upstream_rq_5xx|upstream_rq_retry"
                    + "|upstream_rq_timeout)$",
            "vhost\\.(?<row>.+\\.(vcluster|route)\\..+)\\.upstream_(?<stat>rq_\\w+)",
            "vhost.%s.upstream_rq_time"),
    CLUSTERS(
            "cluster",
            'c',
            "^cluster\\..*\\.(upstream_cx_active|upstream_cx_connect_fail|upstream_rq_total"
                    + "|upstream_rq_active|upstream_rq_4xx|upstream_rq_5xx|upstream_rq_retry"
                    + "|upstream_rq_timeout)$",
            "cluster\\.(?<row>.+)\\.upstream_(?<stat>cx_\\w+|rq_\\w+)",
            "cluster.%s.upstream_rq_time"),
    HOSTS("host", 'h', "", "", "");

    private static final Map<String, Metric> STATS =
            Map.of(
                    "rq_total", Metric.REQUESTS,
                    "rq_completed", Metric.REQUESTS,
                    "rq_active", Metric.ACTIVE,
                    "rq_4xx", Metric.CLIENT_ERRORS,
                    "rq_5xx", Metric.SERVER_ERRORS,
                    "rq_retry", Metric.RETRIES,
                    "rq_timeout", Metric.TIMEOUTS,
                    "cx_connect_fail", Metric.CONNECT_FAILURES,
                    "cx_active", Metric.CONNECTIONS);

    private final String text;
    private final char key;
    private final String filter;
    private final Pattern names;
    private final String histogram;

    /**
     * @param filter as the admin port takes it, in the form that it compares fastest
     * @param names what a statistic's name is made of
     * @param histogram of latencies in milliseconds, of a row; empty where there is none
     */
    View(String text, char key, String filter, String names, String histogram) {
        this.text = text;
        this.key = key;
        this.filter = filter;
        this.names = Pattern.compile(names);
        this.histogram = histogram;
    }

    /** As the command line names it. */
    String text() {
        return text;
    }

    /** The key that shows it. */
    char key() {
        return key;
    }

    String filter() {
        return filter;
    }

    /** The histogram of a row, or null. */
    @Nullable String histogram(String row) {
        return histogram.isEmpty() ? null : histogram.formatted(row);
    }

    /** A statistic's row and what it counts there. */
    record Cell(String row, Metric metric) {}

    /** Null where the statistic is none of a row's. */
    @Nullable Cell cell(String stat) {
        Matcher matcher = names.matcher(stat);
        if (!matcher.matches()) {
            return null;
        }
        String row = matcher.group("row");
        Metric metric = STATS.get(matcher.group("stat"));
        return metric == null || isPart(row) ? null : new Cell(row, metric);
    }

    /** Parts of another row, and the admin port, which we keep busy ourselves. */
    private boolean isPart(String row) {
        return switch (this) {
            case LISTENERS -> row.matches("admin|.*\\.worker_\\d+|admin\\..*");
            case MANAGERS -> row.equals("admin");
            case CLUSTERS -> row.matches(".+\\.(internal|external|canary|zone\\..+)");
            case ROUTES, HOSTS -> false;
        };
    }

    static View of(String text) {
        for (View view : values()) {
            if (view.text.equals(text)) {
                return view;
            }
        }
        throw new IllegalArgumentException("no view " + text);
    }
}
