package dev.attache.server.admin.web;

import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostCells;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.admin.http.AdminResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code /ui/data/cluster?name=}: one cluster's signals, and a page of its hosts. */
final class ClusterData {

    private static final int MOST = 200;
    private static final String[] COUNTERS = {
        "upstream_rq_total",
        "upstream_rq_2xx",
        "upstream_rq_4xx",
        "upstream_rq_5xx",
        "upstream_rq_retry",
        "upstream_rq_timeout",
        "upstream_rq_pending_overflow",
        "upstream_cx_total",
        "upstream_cx_connect_fail",
        "upstream_cx_overflow"
    };
    private static final String[] GAUGES = {
        "upstream_rq_active",
        "upstream_rq_pending_active",
        "upstream_cx_active",
        "outlier_detection.ejections_active"
    };

    private final StatsStore stats;
    private final SharedCluster cluster;

    ClusterData(StatsStore stats, SharedCluster cluster) {
        this.stats = stats;
        this.cluster = cluster;
    }

    /** {@code search} in addresses and names, {@code offset}, {@code limit}. */
    AdminResponse page(AdminRequest request) {
        JsonPage page = new JsonPage().begin('{');
        page.field("time_ms", System.nanoTime() / 1_000_000);
        page.field("name", cluster.spec().name()).field("discovery", discovery());
        page.field("stat_root", cluster.spec().statRoot());
        page.field("added_via_api", cluster.spec().addedViaApi());
        StatReader of = new StatReader(stats, cluster.spec().statRoot() + ".");
        of.counters(page, COUNTERS);
        of.gauges(page, GAUGES);
        page.field("upstream_rq_time", of.bins("upstream_rq_time"));
        page.key("breakers").begin('{');
        of.gauges(page, AttentionData.BREAKERS);
        page.end('}');
        hosts(page, request);
        return page.end('}').answer();
    }

    private String discovery() {
        return switch (cluster.spec().discovery()) {
            case DiscoverySpec.Static fixed -> "STATIC";
            case DiscoverySpec.StrictDns dns -> "STRICT_DNS";
            case DiscoverySpec.LogicalDns dns -> "LOGICAL_DNS";
            case DiscoverySpec.Eds eds -> "EDS";
            case DiscoverySpec.OriginalDst original -> "ORIGINAL_DST";
            case DiscoverySpec.Aggregate of -> "aggregate of " + String.join(", ", of.clusters());
            case DiscoverySpec.Dynamic cache -> "dynamic forward proxy";
        };
    }

    private void hosts(JsonPage page, AdminRequest request) {
        List<Host> all = new ArrayList<>(cluster.hosts().hosts());
        all.addAll(cluster.dynamicHosts());
        String search = request.query().getOrDefault("search", "").toLowerCase(Locale.ROOT);
        List<Host> found = all.stream().filter(host -> named(host).contains(search)).toList();
        PageRange range = PageRange.of(request, found.size(), MOST);
        page.field("hosts_total", all.size()).field("found", found.size());
        page.field("healthy", all.stream().filter(Host::healthy).count());
        page.field("offset", range.from());
        page.key("hosts").begin('[');
        found.subList(range.from(), range.to()).forEach(host -> row(page, host));
        page.end(']');
    }

    private static String named(Host host) {
        return (host.address() + " " + host.hostname()).toLowerCase(Locale.ROOT);
    }

    private static void row(JsonPage page, Host host) {
        Locality locality = host.locality();
        page.begin('{').field("address", host.address().toString());
        page.field("hostname", host.hostname()).field("health", host.healthFlagsText());
        page.field("healthy", host.healthy()).field("degraded", host.degraded());
        page.field("priority", host.priority()).field("weight", host.weight());
        page.field(
                "locality",
                String.join("/", locality.region(), locality.zone(), locality.subZone()));
        for (HostCells.Stat stat : HostCells.Stat.values()) {
            page.field(stat.text(), host.stat(stat));
        }
        page.end('}');
    }
}
