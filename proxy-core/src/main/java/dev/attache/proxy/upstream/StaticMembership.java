package dev.attache.proxy.upstream;

import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.HostSetAssembly;

/** STATIC: what the configuration lists, once. */
final class StaticMembership implements Membership {

    private final SharedCluster cluster;
    private final HostSet inherited;

    StaticMembership(SharedCluster cluster, HostSet inherited) {
        this.cluster = cluster;
        this.inherited = inherited;
    }

    @Override
    public void start() {
        HostSet hosts =
                new HostSetAssembly(
                                inherited,
                                cluster.environment().locality(),
                                System.nanoTime(),
                                cluster.firstCheck(false))
                        .addLiterals(cluster.spec().endpoints())
                        .build(cluster.nextVersion());
        cluster.onMembers(hosts);
    }
}
