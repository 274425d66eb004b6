package dev.attache.proxy.upstream.discovery;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.upstream.host.EndpointAddress;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.HealthStatus;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.HostSetAssembly.FirstCheck;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.LocalityHosts;
import dev.attache.proxy.upstream.host.PriorityHosts;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A host for each name of a {@link DnsCache} that has addresses, called as the cache keeps it: with
 * its port. Whoever is dialled next gets the latest addresses; the host and its connections stay.
 */
final class DynamicMembership implements Membership, DnsCache.Listener {

    private final DiscoveredCluster cluster;
    private final DnsCaches.Lease lease;
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private boolean started;

    /**
     * @param inherited hosts of the version before, which keep their identity where their names are
     *     known still
     */
    DynamicMembership(
            DiscoveredCluster cluster, DiscoverySpec.Dynamic discovery, HostSet inherited) {
        this.cluster = cluster;
        this.lease = DnsCaches.lease(discovery.cache());
        for (Host host : inherited.hosts()) {
            if (lease.cache().get(host.hostname()) != null) {
                hosts.put(host.hostname(), host);
            }
        }
    }

    @Override
    public void start() {
        lease.cache().listen(this);
        started = true;
        if (!hosts.isEmpty()) {
            publish();
        }
        cluster.initialized();
    }

    @Override
    public void stop() {
        lease.cache().leave(this);
        lease.close();
    }

    @Override
    public void onAddresses(CachedName name) {
        EndpointSpec spec = endpoint(name);
        Address first = name.addresses().getFirst();
        Host known = hosts.get(name.key());
        if (known != null) {
            known.move(spec, first);
            return;
        }
        Host host = new Host(spec, first, Locality.NONE, 0, System.nanoTime());
        FirstCheck check = cluster.firstCheck(true);
        host.set(Host.Flag.PENDING_ACTIVE_HC, check == FirstCheck.FAILED_EXCLUDED);
        host.set(Host.Flag.FAILED_ACTIVE_HC, check != FirstCheck.UNCHECKED);
        hosts.put(name.key(), host);
        if (started) {
            publish();
        }
    }

    private static EndpointSpec endpoint(CachedName name) {
        List<Address> addresses = name.addresses();
        return new EndpointSpec(
                new EndpointAddress.Literal(addresses.getFirst()),
                addresses.subList(1, addresses.size()),
                name.key(),
                1,
                HealthStatus.UNKNOWN,
                Metadata.EMPTY,
                Metadata.EMPTY,
                EndpointSpec.HealthCheckOverride.NONE);
    }

    @Override
    public void onForgotten(CachedName name) {
        if (hosts.remove(name.key()) != null) {
            publish();
        }
    }

    private void publish() {
        LocalityHosts all = LocalityHosts.of(Locality.NONE, 0, List.copyOf(hosts.values()));
        cluster.onMembersWhileWarming(
                new HostSet(
                        cluster.nextVersion(),
                        List.of(
                                PriorityHosts.of(
                                        0,
                                        List.of(all),
                                        LoadAssignment.OVERPROVISIONING_DEFAULT,
                                        false)),
                        List.of()));
    }
}
