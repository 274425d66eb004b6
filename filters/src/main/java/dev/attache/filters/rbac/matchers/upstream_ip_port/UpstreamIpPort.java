package dev.attache.filters.rbac.matchers.upstream_ip_port;

import dev.attache.filters.rbac.Check;
import dev.attache.filters.rbac.Facts;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.matching.CidrRange;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.StateValue;
import org.jspecify.annotations.Nullable;

/**
 * The upstream's address, where a filter has left one in the filter state. Immutable.
 *
 * @param range null = any
 * @param ports null = any
 */
record UpstreamIpPort(@Nullable CidrRange range, @Nullable Ports ports) implements Check {

    /** Both ends included, unlike other ranges. */
    record Ports(long start, long end) {}

    @Override
    public boolean holds(Facts facts) {
        IpAddress ip =
                switch (facts.filterState().get(StateValue.Upstream.KEY)) {
                    case StateValue.Upstream(IpAddress address) -> address;
                    case FilterState.SocketAddress(IpAddress address) -> address;
                    case null, default -> null;
                };
        if (ip == null) {
            return false;
        }
        return (range == null || range.contains(ip))
                && (ports == null || (ports.start() <= ip.port() && ip.port() <= ports.end()));
    }
}
