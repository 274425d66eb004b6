package dev.attache.proxy.upstream.discovery;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.upstream.host.EndpointAddress;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.HostSetAssembly;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import dev.attache.proxy.upstream.spec.DnsSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * LOGICAL_DNS: one name, one host. An answer with other addresses than before makes another host,
 * as in Envoy: connections to the one before end when they are idle. After a failure, or an empty
 * answer, the host stays.
 */
final class LogicalDnsMembership implements Membership, NameWatch.Listener {

    private final DiscoveredCluster cluster;
    private final HostSet inherited;
    private final LocalityEndpoints group;
    private final EndpointSpec endpoint;
    private final int port;
    private final NameWatch watch;
    private List<Address> current = List.of();

    /**
     * @throws IllegalArgumentException if there is not exactly one named endpoint; configuration
     *     refuses such a cluster before it comes here
     */
    LogicalDnsMembership(DiscoveredCluster cluster, DnsSpec dns, HostSet inherited) {
        this.cluster = cluster;
        this.inherited = inherited;
        List<LocalityEndpoints> localities = cluster.spec().endpoints().localities();
        if (localities.size() != 1
                || localities.getFirst().endpoints().size() != 1
                || !(localities.getFirst().endpoints().getFirst().address()
                        instanceof EndpointAddress.Named named)) {
            throw new IllegalArgumentException(
                    "LOGICAL_DNS clusters must have a single locality_lb_endpoint and a single"
                            + " lb_endpoint");
        }
        this.group = localities.getFirst();
        this.endpoint = named(group.endpoints().getFirst(), named.host());
        this.port = named.port();
        this.watch = new NameWatch(cluster.main(), cluster.names(), named.host(), dns, this);
    }

    /** As in Envoy, a host found by name is called by it unless the endpoint says otherwise. */
    static EndpointSpec named(EndpointSpec endpoint, String name) {
        return endpoint.hostname().isEmpty() ? endpoint.withHostname(name) : endpoint;
    }

    @Override
    public void start() {
        watch.start();
    }

    @Override
    public void stop() {
        watch.stop();
    }

    @Override
    public void onAttempt() {
        cluster.scope().counter("update_attempt").inc();
    }

    @Override
    public void onResolved(List<NameResolver.Record> records) {
        List<Address> found = new ArrayList<>();
        for (NameResolver.Record each : records) {
            found.add(new IpAddress(each.address(), port));
        }
        if (found.isEmpty()) {
            cluster.scope().counter("update_failure").inc();
            cluster.initialized();
            return;
        }
        cluster.scope().counter("update_success").inc();
        if (sameAsBefore(found)) {
            cluster.scope().counter("update_no_rebuild").inc();
            cluster.initialized();
            return;
        }
        boolean first = current.isEmpty();
        current = List.copyOf(found);
        move(first ? inherited : HostSet.EMPTY);
    }

    /** The first is the address; in what order the others come does not matter. */
    private boolean sameAsBefore(List<Address> found) {
        return !current.isEmpty()
                && current.getFirst().equals(found.getFirst())
                && current.size() == found.size()
                && current.containsAll(found);
    }

    private void move(HostSet known) {
        EndpointSpec now = endpoint.withAdditionalAddresses(current.subList(1, current.size()));
        cluster.onMembers(
                new HostSetAssembly(
                                known,
                                cluster.locality(),
                                System.nanoTime(),
                                // As in Envoy, its one host is taken for healthy at first.
                                HostSetAssembly.FirstCheck.UNCHECKED)
                        .settings(cluster.spec().endpoints())
                        .add(group, now, current.getFirst())
                        .build(cluster.nextVersion()));
    }

    @Override
    public void onFailed(Throwable why) {
        cluster.scope().counter("update_failure").inc();
        cluster.initialized();
    }
}
