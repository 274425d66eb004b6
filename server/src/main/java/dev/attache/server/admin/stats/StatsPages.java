package dev.attache.server.admin.stats;

import dev.attache.proxy.stats.HistogramBuckets;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stats.tags.TagExtraction;
import dev.attache.proxy.upstream.SharedCluster;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * {@code /stats} and {@code /stats/prometheus} over one store. Main loop, which has a page of many
 * names made elsewhere: it hands over the hosts, all other statistics may be read by any thread.
 * See <a href="https://www.envoyproxy.io/docs/envoy/v1.40.0/operations/admin#get--stats">Envoy's
 * page</a>.
 */
public final class StatsPages {

    /** How a page is written. */
    public enum Form {
        TEXT,
        JSON,
        HTML
    }

    /**
     * One page.
     *
     * @param status of HTTP
     */
    public record Page(int status, Form form, String body) {}

    private final StatsStore store;
    private final TagExtraction tags;
    private final HistogramBuckets bounds;
    private final Supplier<List<SharedCluster>> clusters;

    /** Of a store without clusters whose hosts have statistics. */
    public StatsPages(StatsStore store, TagExtraction tags, HistogramBuckets bounds) {
        this(store, tags, bounds, List::of);
    }

    /**
     * @param tags the labels of Prometheus
     * @param bounds of histograms
     * @param clusters that serve: hosts of some have statistics, too
     */
    public StatsPages(
            StatsStore store,
            TagExtraction tags,
            HistogramBuckets bounds,
            Supplier<List<SharedCluster>> clusters) {
        this.store = store;
        this.tags = tags;
        this.bounds = bounds;
        this.clusters = clusters;
    }

    private EndpointStats endpoints() {
        return new EndpointStats(clusters.get());
    }

    /** {@code /stats}. */
    public Page stats(Map<String, String> query) {
        return stats(query, endpoints());
    }

    /** The same, made by whichever thread asks for it. */
    public Supplier<Page> statsLater(Map<String, String> query) {
        EndpointStats endpoints = endpoints();
        return () -> stats(query, endpoints);
    }

    private Page stats(Map<String, String> query, EndpointStats endpoints) {
        String format = query.getOrDefault("format", "");
        if (format.equals("prometheus")) {
            return prometheus(query, endpoints);
        }
        StatsSelection selection;
        try {
            selection = new StatsSelection(store, query);
        } catch (IllegalArgumentException e) {
            return bad(String.valueOf(e.getMessage()));
        }
        HistogramDisplay display = HistogramDisplay.of(query.get("histogram_buckets"));
        if (display == null) {
            return bad(HistogramDisplay.USAGE);
        }
        if (display == HistogramDisplay.PROMETHEUS_NATIVE) {
            return bad("Invalid histogram_buckets type for non prometheus stats type");
        }
        HistogramText histograms = new HistogramText(display, bounds);
        return switch (format) {
            case "", "text" ->
                    new Page(200, Form.TEXT, StatsText.text(selection, endpoints, histograms));
            case "json" ->
                    new Page(200, Form.JSON, StatsText.json(selection, endpoints, histograms));
            case "html", "active-html" ->
                    new Page(200, Form.HTML, StatsText.text(selection, endpoints, histograms));
            default -> bad("usage: /stats?format=(html|active-html|json|prometheus|text)\n\n");
        };
    }

    /** {@code /stats/prometheus}. */
    public Page prometheus(Map<String, String> query) {
        return prometheus(query, endpoints());
    }

    /** The same, made by whichever thread asks for it. */
    public Supplier<Page> prometheusLater(Map<String, String> query) {
        EndpointStats endpoints = endpoints();
        return () -> prometheus(query, endpoints);
    }

    private Page prometheus(Map<String, String> query, EndpointStats endpoints) {
        HistogramDisplay display = HistogramDisplay.of(query.get("histogram_buckets"));
        if (display == null) {
            return bad(HistogramDisplay.USAGE);
        }
        if (display == HistogramDisplay.PROMETHEUS_NATIVE) {
            return bad(
                    "unsupported prometheusnative histogram type when not using protobuf exposition"
                            + " format");
        }
        try {
            return new Page(
                    200,
                    Form.TEXT,
                    PrometheusText.of(
                            new StatsSelection(store, query, false),
                            endpoints,
                            tags,
                            store::labels,
                            bounds,
                            query.containsKey("text_readouts"),
                            "summary".equals(query.get("histogram_buckets"))));
        } catch (IllegalArgumentException e) {
            return bad(String.valueOf(e.getMessage()));
        }
    }

    private static Page bad(String message) {
        return new Page(400, Form.TEXT, message);
    }
}
