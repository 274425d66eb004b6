package dev.attache.proxy.network.tcp;

import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.accesslog.AccessLogs;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.explain.Question;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.upstream.Cluster;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The TCP proxy of one filter chain on one worker. Loop-confined. */
final class TcpProxyFactory implements NetworkFilterFactory {

    private static final String LB_NAMESPACE = "envoy.lb";

    private final TcpProxySpec spec;
    private final NetworkFilterContext context;
    private final TcpProxyStats stats;
    private final List<AccessLog> accessLogs;
    private final List<MetadataValue.@Nullable Struct> subsets;
    private final MetadataValue.@Nullable Struct ownSubset;
    private final long totalWeight;
    private final @Nullable TunnelRequest tunnel;

    TcpProxyFactory(TcpProxySpec spec, NetworkFilterContext context) {
        this.spec = spec;
        this.context = context;
        this.stats =
                new TcpProxyStats(
                        context.ownScope("tcp." + spec.statPrefix() + "."),
                        context.worker().index());
        this.accessLogs = AccessLogs.open(spec.accessLogs(), context);
        this.tunnel =
                spec.tunneling() == null
                        ? null
                        : new TunnelRequest(spec.tunneling(), context.worker());
        this.subsets = new java.util.ArrayList<>();
        spec.clusters().forEach(cluster -> subsets.add(subset(cluster.metadataMatch())));
        this.ownSubset = subset(Metadata.EMPTY);
        this.totalWeight =
                spec.clusters().stream().mapToLong(TcpProxySpec.WeightedCluster::weight).sum();
    }

    /** The weighted cluster's criteria over the filter's own; null where there are none. */
    private MetadataValue.@Nullable Struct subset(Metadata ofCluster) {
        MetadataValue.Struct merged =
                spec.metadataMatch()
                        .filterMetadata()
                        .getOrDefault(LB_NAMESPACE, MetadataValue.EMPTY_STRUCT)
                        .with(
                                ofCluster
                                        .filterMetadata()
                                        .getOrDefault(LB_NAMESPACE, MetadataValue.EMPTY_STRUCT));
        return merged.fields().isEmpty() ? null : merged;
    }

    @Override
    public NetworkFilter newFilter(Connection connection) {
        stats.downstreamCxTotal.inc();
        return new TcpProxy(this, connection);
    }

    @Override
    public void explain(ConnectionInfo connection, Question question, Explanation into) {
        Long drawn = question.random();
        int chosen = pick(drawn == null ? context.worker().random() : drawn);
        into.say("would", "proxy the connection");
        for (TcpProxySpec.WeightedCluster each : spec.clusters()) {
            into.item("clusters").say("name", each.name()).say("weight", each.weight());
        }
        String name = spec.clusters().get(chosen).name();
        Cluster cluster = context.clusters().cluster(name);
        Explanation said = into.part("cluster").say("name", name);
        boolean host =
                cluster != null
                        && cluster.explain(new TcpProxyPick(this, connection, chosen), said);
        into.part("outcome")
                .say("goes_to", cluster == null ? "no such cluster" : name)
                .say("reachable", host);
    }

    /** Position of a cluster, by weight. */
    int pick(long random) {
        if (spec.clusters().size() == 1) {
            return 0;
        }
        long point = Long.remainderUnsigned(random, Math.max(1, totalWeight));
        for (int i = 0; i < spec.clusters().size(); i++) {
            point -= spec.clusters().get(i).weight();
            if (point < 0) {
                return i;
            }
        }
        return spec.clusters().size() - 1;
    }

    /**
     * @param cluster its position, -1 = one that no configuration names
     */
    MetadataValue.@Nullable Struct subset(int cluster) {
        return cluster < 0 ? ownSubset : subsets.get(cluster);
    }

    /** How tunnels are asked for; null = there are none. */
    @Nullable TunnelRequest tunnel() {
        return tunnel;
    }

    TcpProxySpec spec() {
        return spec;
    }

    NetworkFilterContext context() {
        return context;
    }

    List<AccessLog> accessLogs() {
        return accessLogs;
    }

    TcpProxyStats stats() {
        return stats;
    }
}
