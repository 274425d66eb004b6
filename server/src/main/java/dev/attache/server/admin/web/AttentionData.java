package dev.attache.server.admin.web;

import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.server.admin.http.AdminResponse;
import dev.attache.server.lifecycle.ServerState;
import java.util.List;

/**
 * {@code /ui/data/attention}: what somebody who was woken wants to see first. Hosts that are not
 * healthy, open circuit breakers, overload, a control plane that is not connected, a state that is
 * not LIVE. Costs a look at each cluster.
 */
final class AttentionData {

    /** Gauges below a cluster's root that are one while a circuit breaker is open. */
    static final String[] BREAKERS = {
        "circuit_breakers.default.cx_open",
        "circuit_breakers.default.rq_pending_open",
        "circuit_breakers.default.rq_open",
        "circuit_breakers.default.rq_retry_open",
        "circuit_breakers.high.cx_open",
        "circuit_breakers.high.rq_pending_open",
        "circuit_breakers.high.rq_open",
        "circuit_breakers.high.rq_retry_open"
    };

    /** Of one kind; the others are counted. */
    private static final int MOST = 30;

    private static final String BAD = "bad";
    private static final String WARN = "warn";

    private final WebSource source;
    private final List<SharedCluster> clusters;
    private final JsonPage page = new JsonPage();
    private int told;
    private int untold;

    AttentionData(WebSource source, List<SharedCluster> clusters) {
        this.source = source;
        this.clusters = clusters;
    }

    AdminResponse page() {
        page.begin('{').key("items").begin('[');
        server();
        int empty = 0;
        for (SharedCluster cluster : clusters) {
            empty += cluster.hosts().size() == 0 && mayHaveHosts(cluster) ? 1 : 0;
            cluster(cluster);
        }
        page.end(']').field("more", untold).field("clusters_without_hosts", empty);
        return page.field("clusters", clusters.size()).end('}').answer();
    }

    private void server() {
        ServerState state = source.lifecycle().state();
        if (source.lifecycle().healthCheckFailed()) {
            item(BAD, "", "health checks are told to fail (/healthcheck/fail)");
        } else if (state != ServerState.LIVE) {
            item(WARN, "", "the server is " + state);
        }
        StatsStore stats = source.stats();
        for (Gauge gauge : stats.gaugesInUse("control_plane.")) {
            if (gauge.name().equals("control_plane.connected_state") && gauge.value() == 0) {
                item(BAD, "", "the control plane is not connected; the last configuration serves");
            }
        }
        for (Gauge gauge : stats.gaugesInUse("overload.")) {
            if (gauge.name().endsWith(".active") && gauge.value() != 0) {
                item(BAD, "", "overload: " + gauge.name().substring("overload.".length()));
            }
        }
    }

    private static boolean mayHaveHosts(SharedCluster cluster) {
        return switch (cluster.spec().discovery()) {
            case DiscoverySpec.Static fixed -> true;
            case DiscoverySpec.StrictDns dns -> true;
            case DiscoverySpec.LogicalDns dns -> true;
            case DiscoverySpec.Eds eds -> true;
            case DiscoverySpec.OriginalDst original -> false;
            case DiscoverySpec.Aggregate of -> false;
            case DiscoverySpec.Dynamic cache -> false;
        };
    }

    private void cluster(SharedCluster cluster) {
        int hosts = cluster.hosts().size();
        int healthy = ClustersData.healthy(cluster);
        String name = cluster.spec().name();
        if (healthy < hosts) {
            item(
                    healthy == 0 ? BAD : WARN,
                    name,
                    healthy == 0
                            ? "none of " + hosts + " hosts is healthy"
                            : (hosts - healthy) + " of " + hosts + " hosts not healthy");
        }
        StatReader of = new StatReader(source.stats(), cluster.spec().statRoot() + ".");
        for (String breaker : BREAKERS) {
            if (of.gauge(breaker) != 0) {
                item(BAD, name, breaker + ": a circuit breaker is open");
            }
        }
    }

    private void item(String level, String cluster, String text) {
        if (told >= MOST) {
            untold++;
            return;
        }
        told++;
        page.begin('{').field("level", level).field("cluster", cluster);
        page.field("text", text).end('}');
    }
}
