package dev.attache.proxy.listener.filter;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code envoy.filters.listener.original_dst} finds on an internal connection: addresses that
 * whoever dialled it has passed on, as filter state or, the destination, as metadata of the
 * endpoint.
 */
final class InternalOriginalDst {

    private static final String NAME = "envoy.filters.listener.original_dst";
    private static final String LOCAL = NAME + ".local_ip";
    private static final String REMOTE = NAME + ".remote_ip";

    private InternalOriginalDst() {}

    static void restore(ConnectionInfo info) {
        IpAddress local = object(info.filterState(), LOCAL);
        if (local == null
                && info.dynamicMetadata().get(NAME, List.of("local"))
                        instanceof MetadataValue.Text text) {
            local = IpAddress.parseWithPort(text.value());
        }
        if (local != null) {
            info.restoreLocalAddress(local);
        }
        IpAddress remote = object(info.filterState(), REMOTE);
        if (remote != null) {
            info.remoteAddress(remote);
        }
    }

    private static @Nullable IpAddress object(FilterState state, String key) {
        return switch (state.get(key)) {
            case null -> null;
            case FilterState.SocketAddress socket -> socket.address();
            case FilterState.Value other -> IpAddress.parseWithPort(other.serializeAsString());
        };
    }
}
