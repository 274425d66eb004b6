package dev.attache.proxy.network;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.discovered.DiscoveredSpec;
import dev.attache.proxy.discovered.OpenDiscovered;
import org.jspecify.annotations.Nullable;

/**
 * A network filter on a cluster's connections whose configuration is discovered. Connections that
 * come while there is none go without it, as in Envoy. Immutable.
 */
public record DiscoveredUpstreamFilterSpec(DiscoveredSpec<UpstreamNetworkFilterSpec> discovered)
        implements UpstreamNetworkFilterSpec {

    @Override
    public Factory open(UpstreamNetworkFilterScope scope) {
        return new Discovered(discovered, scope);
    }

    private static final class Discovered implements Factory {
        private final OpenDiscovered<UpstreamNetworkFilterSpec, Factory> open;

        Discovered(
                DiscoveredSpec<UpstreamNetworkFilterSpec> discovered,
                UpstreamNetworkFilterScope scope) {
            this.open =
                    discovered.open(
                            new OpenDiscovered.Opening<>() {
                                @Override
                                public Factory open(UpstreamNetworkFilterSpec spec) {
                                    return spec.open(scope);
                                }

                                @Override
                                public void close(Factory opened) {
                                    opened.close();
                                }
                            });
        }

        @Override
        public NetworkFilter.@Nullable Inspecting newFilter(Connection connection) {
            OpenDiscovered.Opened<UpstreamNetworkFilterSpec, Factory> now = open.current();
            if (now == null) {
                return null;
            }
            NetworkFilter.Inspecting made = now.factory().newFilter(connection);
            if (made != null) {
                now.used();
                connection.afterClosed(now::ended);
            }
            return made;
        }

        @Override
        public void close() {
            open.close();
        }
    }
}
