package dev.attache.proxy.network;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.discovered.DiscoveredSpec;
import dev.attache.proxy.discovered.OpenDiscovered;
import org.jspecify.annotations.Nullable;

/**
 * A network filter whose configuration is discovered: each connection has what is known when it is
 * accepted, to its end. Immutable.
 *
 * @param terminal whether it stands last in its chain
 */
public record DiscoveredNetworkFilterSpec(
        DiscoveredSpec<NetworkFilterSpec> discovered, boolean terminal)
        implements NetworkFilterSpec {

    @Override
    public NetworkFilterFactory open(NetworkFilterContext context) {
        return new Factory(discovered, context);
    }

    /** One configuration, open, with what it holds of the chain's surroundings. */
    private record Configured(NetworkFilterFactory factory, DiscoveredFilterContext context) {}

    private static final class Factory implements NetworkFilterFactory {
        private final OpenDiscovered<NetworkFilterSpec, Configured> open;

        Factory(DiscoveredSpec<NetworkFilterSpec> discovered, NetworkFilterContext context) {
            this.open =
                    discovered.open(
                            new OpenDiscovered.Opening<>() {
                                @Override
                                public Configured open(NetworkFilterSpec spec) {
                                    return configured(spec, context);
                                }

                                @Override
                                public void close(Configured opened) {
                                    try {
                                        opened.factory.close();
                                    } finally {
                                        opened.context.close();
                                    }
                                }
                            });
        }

        private static Configured configured(NetworkFilterSpec spec, NetworkFilterContext chain) {
            var own = new DiscoveredFilterContext(chain);
            try {
                return new Configured(spec.open(own), own);
            } catch (Throwable e) {
                own.close();
                throw e;
            }
        }

        @Override
        public @Nullable NetworkFilter newFilter(Connection connection) {
            OpenDiscovered.Opened<NetworkFilterSpec, Configured> now = open.current();
            if (now == null) {
                return null;
            }
            NetworkFilter made = now.factory().factory.newFilter(connection);
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
