package dev.attache.proxy.upstream.host;

import java.util.List;

/**
 * The hosts of one locality in one priority, with the views that balancers draw from. Immutable.
 *
 * @param weight {@code load_balancing_weight}, 0 = unset
 */
public record LocalityHosts(
        Locality locality,
        int weight,
        List<Host> hosts,
        List<Host> healthy,
        List<Host> degraded,
        int excluded) {

    public LocalityHosts {
        hosts = List.copyOf(hosts);
        healthy = List.copyOf(healthy);
        degraded = List.copyOf(degraded);
    }

    /** Computes the views from the hosts' flags as they are now. */
    public static LocalityHosts of(Locality locality, int weight, List<Host> hosts) {
        return new LocalityHosts(
                locality,
                weight,
                hosts,
                hosts.stream().filter(Host::healthy).toList(),
                hosts.stream().filter(Host::degraded).toList(),
                (int) hosts.stream().filter(Host::excluded).count());
    }
}
