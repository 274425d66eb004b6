package dev.attache.server.admin.web;

import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.host.PriorityHosts;
import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.admin.http.AdminResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * {@code /ui/data/clusters}: a page of the clusters whose names have a text in them. Statistics are
 * read of those on the page alone, but where they decide about the order.
 */
final class ClustersData {

    private static final int MOST = 200;

    private final StatsStore stats;
    private final List<SharedCluster> clusters;

    ClustersData(StatsStore stats, List<SharedCluster> clusters) {
        this.stats = stats;
        this.clusters = clusters;
    }

    /**
     * {@code search}, {@code sort} (name, requests, errors, health), {@code offset}, {@code limit}.
     */
    AdminResponse page(AdminRequest request) {
        String search = request.query().getOrDefault("search", "").toLowerCase(Locale.ROOT);
        List<SharedCluster> found = new ArrayList<>();
        for (SharedCluster cluster : clusters) {
            if (cluster.spec().name().toLowerCase(Locale.ROOT).contains(search)) {
                found.add(cluster);
            }
        }
        found.sort(order(request.query().getOrDefault("sort", "name")));
        PageRange range = PageRange.of(request, found.size(), MOST);
        JsonPage page = new JsonPage().begin('{');
        page.field("time_ms", System.nanoTime() / 1_000_000).field("total", clusters.size());
        page.field("found", found.size()).field("offset", range.from());
        page.key("clusters").begin('[');
        found.subList(range.from(), range.to()).forEach(cluster -> row(page, cluster));
        return page.end(']').end('}').answer();
    }

    private Comparator<SharedCluster> order(String by) {
        Comparator<SharedCluster> name = Comparator.comparing(cluster -> cluster.spec().name());
        return switch (by) {
            case "requests" -> most("upstream_rq_total").thenComparing(name);
            case "errors" -> most("upstream_rq_5xx").thenComparing(name);
            case "health" ->
                    Comparator.comparingDouble(ClustersData::healthyPart).thenComparing(name);
            default -> name;
        };
    }

    private Comparator<SharedCluster> most(String counter) {
        return Comparator.comparingLong(cluster -> -of(cluster).counter(counter));
    }

    private StatReader of(SharedCluster cluster) {
        return new StatReader(stats, cluster.spec().statRoot() + ".");
    }

    /** The part of the hosts that is healthy; one without hosts comes after all that lack some. */
    private static double healthyPart(SharedCluster cluster) {
        int hosts = cluster.hosts().size();
        return hosts == 0 ? 1 : (double) healthy(cluster) / hosts;
    }

    static int healthy(SharedCluster cluster) {
        int healthy = 0;
        for (PriorityHosts level : cluster.hosts().priorities()) {
            healthy += level.healthy().size();
        }
        return healthy;
    }

    private void row(JsonPage page, SharedCluster cluster) {
        page.begin('{').field("name", cluster.spec().name());
        page.field("hosts", cluster.hosts().size()).field("healthy", healthy(cluster));
        StatReader of = of(cluster);
        of.counters(page, "upstream_rq_total", "upstream_rq_5xx", "upstream_cx_total");
        of.gauges(page, "upstream_rq_active", "upstream_cx_active");
        page.end('}');
    }
}
