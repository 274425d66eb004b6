package dev.attache.server.plane;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which connection manager of a listener uses which route configuration: RDS stats stand below the
 * manager's {@code stat_prefix}.
 */
final class RouteUsers {

    private static final Logger LOG = LoggerFactory.getLogger("config");
    private static final String MANAGER =
            "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";

    private RouteUsers() {}

    /** Route configuration name to {@code stat_prefix}; the first user of a name counts. */
    static Map<String, String> statPrefixes(Listener listener) {
        Map<String, String> prefixes = new HashMap<>();
        listener.getFilterChainsList().forEach(chain -> collect(chain, prefixes));
        collect(listener.getDefaultFilterChain(), prefixes);
        return prefixes;
    }

    private static void collect(FilterChain chain, Map<String, String> prefixes) {
        for (Filter filter : chain.getFiltersList()) {
            Any config = filter.getTypedConfig();
            if (!config.getTypeUrl().endsWith("/" + MANAGER)) {
                continue;
            }
            try {
                HttpConnectionManager manager = HttpConnectionManager.parseFrom(config.getValue());
                if (manager.hasRds()) {
                    prefixes.putIfAbsent(
                            manager.getRds().getRouteConfigName(), manager.getStatPrefix());
                }
            } catch (InvalidProtocolBufferException e) {
                // The compiler refuses the listener for this; only stat names are looked for here.
                LOG.debug("connection manager '{}' cannot be read", filter.getName(), e);
            }
        }
    }
}
