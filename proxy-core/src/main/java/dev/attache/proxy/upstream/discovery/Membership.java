package dev.attache.proxy.upstream.discovery;

import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.spec.DiscoverySpec;

/** Where one cluster's hosts come from, at work. Main thread. */
public interface Membership {

    /**
     * @param inherited hosts of the version before, which keep their identity where they stay
     */
    static Membership of(DiscoveredCluster cluster, HostSet inherited) {
        DiscoverySpec discovery = cluster.spec().discovery();
        if (discovery instanceof DiscoverySpec.Eds) {
            return new EdsMembership(cluster, inherited);
        }
        if (discovery instanceof DiscoverySpec.Static) {
            return new StaticMembership(cluster, inherited);
        }
        if (discovery instanceof DiscoverySpec.StrictDns strict) {
            return new StrictDnsMembership(cluster, strict.dns(), inherited);
        }
        if (discovery instanceof DiscoverySpec.LogicalDns logical) {
            return new LogicalDnsMembership(cluster, logical.dns(), inherited);
        }
        if (discovery instanceof DiscoverySpec.Dynamic dynamic) {
            return new DynamicMembership(cluster, dynamic, inherited);
        }
        return cluster::initialized;
    }

    /** Begins; calls {@link DiscoveredCluster#onMembers} when it knows, perhaps at once. */
    void start();

    /** New endpoints: from EDS, or (for others) never. */
    default void assign(LoadAssignment assignment) {
        throw new IllegalStateException("not an EDS cluster");
    }

    /** Hosts that were kept for their health alone and have lost it leave. */
    default void dropFailed() {}

    /** Ends; no timer stays behind. */
    default void stop() {}
}
