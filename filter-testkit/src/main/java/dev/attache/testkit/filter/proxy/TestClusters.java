package dev.attache.testkit.filter.proxy;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.RedirectGuard;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.ClusterEnvironment;
import dev.attache.proxy.upstream.ClusterLookup;
import dev.attache.proxy.upstream.ClusterSet;
import dev.attache.proxy.upstream.FilterOpening;
import dev.attache.proxy.upstream.OpenUpstreamFilters;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import dev.attache.proxy.upstream.pool.OpenConnectionFilters;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.ConnectionFilters;
import dev.attache.proxy.upstream.spec.UpstreamFilters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The clusters of the test's worker, for filters that look one up: they have hosts and statistics,
 * and nobody connects to them. Loop-confined.
 */
public final class TestClusters implements ClusterLookup, FilterOpening {

    private static final int FIRST_PORT = 1000;

    private final ClusterSet clusters;
    private final List<SharedCluster> shared = new ArrayList<>();

    /**
     * @param hosts of each cluster, by its name
     */
    public TestClusters(TestWorker worker, StatsStore stats, Map<String, Integer> hosts) {
        this.clusters = new ClusterSet(worker, RedirectGuard.OFF, this);
        ClusterEnvironment environment =
                new ClusterEnvironment(
                        worker.eventLoop(),
                        1,
                        stats,
                        (name, family, resolvers, callback) ->
                                callback.onFailed(new IOException("no names here")),
                        Locality.NONE,
                        () -> HostSet.EMPTY,
                        clusters::hosts);
        hosts.forEach((name, count) -> {
            SharedCluster cluster = SharedCluster.open(spec(name, count), environment, null);
            shared.add(cluster);
            clusters.put(cluster);
        });
    }

    private static ClusterSpec spec(String name, int hosts) {
        List<EndpointSpec> endpoints =
                IntStream.range(0, hosts)
                        .mapToObj(
                                i -> EndpointSpec.of(IpAddress.parse("192.0.2.3", FIRST_PORT + i)))
                        .toList();
        LocalityEndpoints all =
                new LocalityEndpoints(Locality.NONE, 0, 0, endpoints, Metadata.EMPTY);
        return ClusterSpec.named(name)
                .endpoints(LoadAssignment.of(name, hosts == 0 ? List.of() : List.of(all)))
                .build();
    }

    @Override
    public @Nullable Cluster cluster(String name) {
        return clusters.cluster(name);
    }

    public void close() {
        clusters.drain();
        shared.forEach(SharedCluster::close);
    }

    @Override
    public OpenUpstreamFilters http(UpstreamFilters filters, Scope stats) {
        throw new IllegalStateException("no cluster here has filters");
    }

    @Override
    public OpenConnectionFilters network(ConnectionFilters filters, Scope stats) {
        throw new IllegalStateException("no cluster here has filters");
    }
}
