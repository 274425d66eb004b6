package dev.attache.proxy.upstream.lb.subset;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hosts that have the same values. Immutable, shared by workers.
 *
 * @param index its place in its table
 * @param single {@code single_host_per_subset}: the one that is picked, whatever its health
 * @param hosts on the levels and in the localities of the whole set, of which some are empty; the
 *     same object in the next table where nothing in it has changed
 * @param told what the control plane said of each of them, in their order, and where it was, when
 *     this was made: a host stays the same object when its weight changes
 */
record Subset(SubsetKey key, int index, @Nullable Host single, HostSet hosts, List<Told> told) {

    /** One host as it was then. */
    record Told(EndpointSpec spec, Address address) {

        static Told of(Host host) {
            return new Told(host.spec(), host.address());
        }

        boolean stillHolds(Host host) {
            return host.spec().equals(spec) && host.address().equals(address);
        }
    }
}
