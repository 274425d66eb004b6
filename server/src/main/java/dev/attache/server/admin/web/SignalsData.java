package dev.attache.server.admin.web;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.HistogramBins;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.admin.http.AdminResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * {@code /ui/data/signals}: rate, errors, latency and saturation of the whole process and of each
 * connection manager and TCP proxy, as counts since the start; the page keeps what it was told
 * before and shows the difference. Clusters cost it nothing, however many there are.
 */
final class SignalsData {

    /** What stands on one screen; the others are in the sums. */
    private static final int MOST = 40;

    private static final String ADMIN = "http.admin.";
    private static final String OF_REQUESTS = ".downstream_rq_total";
    private static final String OF_CONNECTIONS = ".downstream_cx_total";

    private final WebSource source;
    private final StatsStore stats;

    SignalsData(WebSource source) {
        this.source = source;
        this.stats = source.stats();
    }

    AdminResponse page() {
        JsonPage page = new JsonPage().begin('{');
        page.field("time_ms", System.nanoTime() / 1_000_000);
        page.field("state", source.lifecycle().state().toString());
        page.field("uptime_s", source.lifecycle().uptime().toSeconds());
        page.field("writes", source.settings().writes());
        process(page);
        List<Flow> http = flows("http.", OF_REQUESTS);
        http.removeIf(flow -> flow.prefix().equals(ADMIN));
        List<Flow> tcp = flows("tcp.", OF_CONNECTIONS);
        all(page, http);
        page.key("http").begin('[');
        http.stream().limit(MOST).forEach(flow -> http(page, flow));
        page.end(']').key("tcp").begin('[');
        tcp.stream().limit(MOST).forEach(flow -> tcp(page, flow));
        return page.end(']').end('}').answer();
    }

    /** What the process uses, and how near it is to its limits. */
    private void process(JsonPage page) {
        Runtime runtime = Runtime.getRuntime();
        page.field("workers", source.concurrency());
        page.field(
                "cpu_ms",
                ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .map(java.time.Duration::toMillis)
                        .orElse(-1L));
        page.field("heap_used", runtime.totalMemory() - runtime.freeMemory());
        page.field("heap_max", runtime.maxMemory());
        page.key("pressures").begin('[');
        for (Gauge gauge : stats.gaugesInUse("overload.")) {
            String name = gauge.name();
            if (name.endsWith(".pressure")) {
                page.begin('{')
                        .field("name", middle(name, "overload.", ".pressure"))
                        .field("percent", gauge.value())
                        .end('}');
            }
        }
        page.end(']');
    }

    /** The prefix of the statistics of one connection manager or proxy, with how much it had. */
    private record Flow(String prefix, long total) {}

    /** Those that ever had anything to do, the busiest first. */
    private List<Flow> flows(String root, String total) {
        List<Flow> flows = new ArrayList<>();
        for (Counter counter : stats.countersInUse(root)) {
            String name = counter.name();
            if (name.endsWith(total)) {
                int end = name.length() - total.length() + 1;
                flows.add(new Flow(name.substring(0, end), counter.value()));
            }
        }
        flows.sort(Comparator.comparingLong(Flow::total).reversed().thenComparing(Flow::prefix));
        return flows;
    }

    private void all(JsonPage page, List<Flow> flows) {
        HistogramBins times = HistogramBins.EMPTY;
        long[] sums = new long[HttpCount.values().length];
        long active = 0;
        long connections = 0;
        for (Flow flow : flows) {
            StatReader of = new StatReader(stats, flow.prefix());
            for (HttpCount count : HttpCount.values()) {
                sums[count.ordinal()] += of.counter(count.stat);
            }
            active += of.gauge("downstream_rq_active");
            connections += of.gauge("downstream_cx_active");
            times = times.plus(of.bins("downstream_rq_time"));
        }
        page.key("all").begin('{');
        for (HttpCount count : HttpCount.values()) {
            page.field(count.stat, sums[count.ordinal()]);
        }
        page.field("downstream_rq_active", active).field("downstream_cx_active", connections);
        page.field("downstream_rq_time", times).end('}');
    }

    private void http(JsonPage page, Flow flow) {
        StatReader of = new StatReader(stats, flow.prefix());
        page.begin('{').field("name", middle(flow.prefix(), "http.", "."));
        for (HttpCount count : HttpCount.values()) {
            page.field(count.stat, of.counter(count.stat));
        }
        of.gauges(page, "downstream_rq_active", "downstream_cx_active");
        page.field("downstream_rq_time", of.bins("downstream_rq_time")).end('}');
    }

    private void tcp(JsonPage page, Flow flow) {
        StatReader of = new StatReader(stats, flow.prefix());
        page.begin('{').field("name", middle(flow.prefix(), "tcp.", "."));
        of.counters(
                page,
                "downstream_cx_total",
                "downstream_cx_rx_bytes_total",
                "downstream_cx_tx_bytes_total");
        page.end('}');
    }

    private static String middle(String text, String before, String after) {
        return text.substring(before.length(), text.length() - after.length());
    }

    /** Counters of a connection manager that are shown. */
    private enum HttpCount {
        TOTAL("downstream_rq_total"),
        REDIRECTED("downstream_rq_3xx"),
        REFUSED("downstream_rq_4xx"),
        FAILED("downstream_rq_5xx");

        private final String stat;

        HttpCount(String stat) {
            this.stat = stat;
        }
    }
}
