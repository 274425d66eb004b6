package dev.attache.proxy.transport;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.metadata.FilterState;

/**
 * The address that upstream connections come from, which need not be this host's: the socket is
 * transparent ({@code IP_TRANSPARENT}), and the system must route what is sent to that address back
 * here. Immutable; connections from different addresses are never shared.
 *
 * @param address whose port does not count: the system chooses one
 * @param mark for the packets of the socket ({@code SO_MARK}); 0 = none
 */
public record UpstreamSource(IpAddress address, int mark) implements FilterState.Value {

    /** In the filter state of a connection or stream. */
    public static final String KEY = "envoy.network.upstream_socket_options";

    public UpstreamSource {
        address = new IpAddress(address.ip(), 0);
    }

    @Override
    public String serializeAsString() {
        return "";
    }

    @Override
    public boolean isText() {
        return false;
    }
}
