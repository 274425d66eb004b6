package dev.attache.proxy.upstream.discovery;

import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.HostSetAssembly;

/** STATIC: what the configuration lists, once. */
final class StaticMembership implements Membership {

    private final DiscoveredCluster cluster;
    private final HostSet inherited;

    StaticMembership(DiscoveredCluster cluster, HostSet inherited) {
        this.cluster = cluster;
        this.inherited = inherited;
    }

    @Override
    public void start() {
        HostSet hosts =
                new HostSetAssembly(
                                inherited,
                                cluster.locality(),
                                System.nanoTime(),
                                cluster.firstCheck(false))
                        .addLiterals(cluster.spec().endpoints())
                        .build(cluster.nextVersion());
        cluster.onMembers(hosts);
    }
}
