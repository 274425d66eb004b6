package dev.attache.proxy.attempt;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.VirtualCluster;
import dev.attache.proxy.route.VirtualHost;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatFamily;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.upstream.stats.ClusterCounter;
import dev.attache.proxy.upstream.stats.ClusterStats;
import dev.attache.proxy.upstream.stats.ResponseGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What else a request counts for besides its cluster: its virtual cluster and its route's {@code
 * stat_prefix}. Owned by one request; loop-confined.
 *
 * @param virtualCluster {@code vhost.<vh>.vcluster.<name>.}, or null
 * @param route {@code vhost.<vh>.route.<stat_prefix>.}, or null
 */
public record RequestGroups(@Nullable ClusterStats virtualCluster, @Nullable ClusterStats route) {

    private static final String OTHER = "other.";

    /** What each group has from the start. */
    private static final StatFamily NAMES =
            StatFamily.builder()
                    .counters(
                            "upstream_rq_retry",
                            "upstream_rq_retry_limit_exceeded",
                            "upstream_rq_retry_overflow",
                            "upstream_rq_retry_success",
                            "upstream_rq_timeout",
                            "upstream_rq_total")
                    .build();

    public static final RequestGroups NONE = new RequestGroups(null, null);

    /** The stats of one worker by prefix, made when a request first counts for them. */
    public static final class Known implements AutoCloseable {
        private final StatsStore store;
        private final int worker;
        private final Map<String, ClusterStats> byPrefix = new HashMap<>();
        private final List<StatsStore.Hold> holds = new ArrayList<>();

        public Known(StatsStore store, int worker) {
            this.store = store;
            this.worker = worker;
        }

        /** The groups of a request; tells {@code info}. */
        public RequestGroups of(Route route, Headers request, StreamInfo info) {
            VirtualHost host = route.virtualHost();
            VirtualCluster cluster = host.virtualCluster(request);
            String prefix = route.spec().statPrefix();
            if (cluster == null && prefix.isEmpty()) {
                return NONE;
            }
            String ofHost = "vhost." + host.spec().name();
            ClusterStats ofCluster = null;
            if (cluster != null) {
                info.virtualClusterName = cluster.name();
                ofCluster = virtualCluster(ofHost, cluster.statName());
            }
            ClusterStats ofRoute =
                    prefix.isEmpty() ? null : stats(ofHost + ".route." + prefix + ".");
            return new RequestGroups(ofCluster, ofRoute);
        }

        /** Where one virtual cluster counts, the one for all other requests has its names too. */
        private ClusterStats virtualCluster(String ofHost, String name) {
            String prefix = ofHost + ".vcluster." + name + ".";
            ClusterStats known = byPrefix.get(prefix);
            if (known == null) {
                stats(ofHost + ".vcluster." + OTHER);
                known = stats(prefix);
            }
            return known;
        }

        private ClusterStats stats(String prefix) {
            ClusterStats known = byPrefix.get(prefix);
            if (known == null) {
                holds.add(store.hold(prefix));
                Scope scope = store.scope(prefix);
                scope.declare(NAMES);
                known = new ClusterStats(scope, worker);
                byPrefix.put(prefix, known);
            }
            return known;
        }

        @Override
        public void close() {
            holds.forEach(StatsStore.Hold::close);
        }
    }

    public void inc(ClusterCounter counter) {
        if (virtualCluster != null) {
            virtualCluster.inc(counter);
        }
        if (route != null) {
            route.inc(counter);
        }
    }

    void response(int status) {
        if (virtualCluster != null) {
            virtualCluster.response(ResponseGroup.ALL, status);
        }
        if (route != null) {
            route.response(ResponseGroup.ALL, status);
        }
    }

    void responseTime(long millis) {
        if (virtualCluster != null) {
            virtualCluster.responseTime(ResponseGroup.ALL, millis);
        }
        if (route != null) {
            route.responseTime(ResponseGroup.ALL, millis);
        }
    }
}
