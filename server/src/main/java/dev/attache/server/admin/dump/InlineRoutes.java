package dev.attache.server.admin.dump;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.attache.api.Packed;
import dev.attache.config.load.TypeRegistry;
import dev.attache.server.plane.version.StoredResource;
import dev.attache.server.plane.version.StoredVersion;
import io.envoyproxy.envoy.admin.v3.RoutesConfigDump;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The route configurations that listeners carry inside, which {@code /config_dump} lists as static.
 * Pure.
 */
final class InlineRoutes {

    private static final String CONNECTION_MANAGER =
            "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";

    private InlineRoutes() {}

    /**
     * Listener by listener, each read when it is its turn.
     *
     * @param names of route configurations to show
     */
    static Stream<Message> of(List<StoredResource> listeners, Predicate<String> names) {
        return listeners.stream()
                .flatMap(listener -> {
                    StoredVersion active = listener.active();
                    return active == null ? Stream.empty() : of(active, names);
                });
    }

    /** Whether any listener has a connection manager: without one Envoy has no word for routes. */
    static boolean possible(List<StoredResource> listeners) {
        for (StoredResource listener : listeners) {
            if (manages(listener.active()) || manages(listener.warming())) {
                return true;
            }
        }
        return false;
    }

    private static boolean manages(@Nullable StoredVersion listener) {
        return listener != null && !managers(listener.body()).isEmpty();
    }

    private static Stream<Message> of(StoredVersion listener, Predicate<String> names) {
        return managers(listener.body()).stream()
                .filter(HttpConnectionManager::hasRouteConfig)
                .map(HttpConnectionManager::getRouteConfig)
                .filter(routes -> names.test(routes.getName()))
                .map(routes ->
                        RoutesConfigDump.StaticRouteConfig.newBuilder()
                                .setRouteConfig(Packed.of(routes))
                                .setLastUpdated(ConfigSections.time(listener.updated()))
                                .build());
    }

    private static List<HttpConnectionManager> managers(Any body) {
        List<HttpConnectionManager> managers = new ArrayList<>();
        try {
            Listener listener = Listener.parseFrom(body.getValue());
            for (FilterChain chain : listener.getFilterChainsList()) {
                add(chain, managers);
            }
            if (listener.hasDefaultFilterChain()) {
                add(listener.getDefaultFilterChain(), managers);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an accepted listener that does not parse", e);
        }
        return managers;
    }

    private static void add(FilterChain chain, List<HttpConnectionManager> managers)
            throws InvalidProtocolBufferException {
        for (Filter filter : chain.getFiltersList()) {
            Any config = filter.getTypedConfig();
            if (TypeRegistry.nameOf(config.getTypeUrl()).equals(CONNECTION_MANAGER)) {
                managers.add(HttpConnectionManager.parseFrom(config.getValue()));
            }
        }
    }
}
