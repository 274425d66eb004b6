package dev.attache.proxy.network.tcp;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.upstream.lb.hash.XxHash64;
import org.jspecify.annotations.Nullable;

/** {@code TcpProxy.hash_policy}: the hash of a connection for consistent balancers. */
final class TcpProxyHash {

    private TcpProxyHash() {}

    static boolean has(TcpProxySpec spec, ConnectionInfo info) {
        for (TcpProxySpec.HashPolicy policy : spec.hashPolicies()) {
            if (key(policy, info) != null) {
                return true;
            }
        }
        return false;
    }

    static long of(TcpProxySpec spec, ConnectionInfo info) {
        for (TcpProxySpec.HashPolicy policy : spec.hashPolicies()) {
            String key = key(policy, info);
            if (key != null) {
                return XxHash64.hash(key, 0);
            }
        }
        return 0;
    }

    private static @Nullable String key(TcpProxySpec.HashPolicy policy, ConnectionInfo info) {
        return switch (policy) {
            case TcpProxySpec.HashPolicy.SourceIp ignored ->
                    info.remoteAddress() instanceof IpAddress ip ? ip.host() : null;
            case TcpProxySpec.HashPolicy.FilterStateKey state -> {
                FilterState.Value value = info.filterState().get(state.key());
                yield value == null ? null : value.serializeAsString();
            }
        };
    }
}
