package dev.attache.server.review.useless;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.route.CompiledRoutes;
import dev.attache.proxy.listener.spec.FilterChainSpec;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.Routes;
import dev.attache.proxy.route.RouteTable;
import dev.attache.server.plane.compile.ListenerParts;
import dev.attache.server.review.Configuration;
import dev.attache.server.review.Piece;
import dev.attache.server.review.Place;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The HTTP connection managers of a configuration, and the routes that they use. */
final class ConnectionManagers {

    private static final String TYPE =
            "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";

    private final List<UsedTable> tables = new ArrayList<>();
    private final Map<String, List<HttpConnectionManagerSpec>> users = new LinkedHashMap<>();

    private ConnectionManagers() {}

    static ConnectionManagers of(Configuration configuration) {
        ConnectionManagers managers = new ConnectionManagers();
        configuration.listeners().forEach(managers::collect);
        for (Piece<RouteConfiguration, CompiledRoutes> routes : configuration.routes()) {
            managers.tables.add(
                    new UsedTable(
                            routes.spec().table(),
                            routes.message(),
                            routes.place(),
                            managers.users.getOrDefault(routes.name(), List.of())));
        }
        return managers;
    }

    /** Those that stand in a listener, then those of RDS. */
    List<UsedTable> tables() {
        return tables;
    }

    private void collect(Piece<Listener, ListenerParts> listener) {
        ListenerSpec spec = listener.spec().spec();
        for (int i = 0; i < spec.filterChains().size(); i++) {
            collect(
                    spec.filterChains().get(i),
                    listener.message().getFilterChains(i),
                    listener.place().at("filter_chains", i));
        }
        FilterChainSpec last = spec.defaultFilterChain();
        if (last != null) {
            collect(
                    last,
                    listener.message().getDefaultFilterChain(),
                    listener.place().at("default_filter_chain"));
        }
    }

    private void collect(FilterChainSpec spec, FilterChain chain, Place place) {
        for (int i = 0; i < spec.filters().size(); i++) {
            if (spec.filters().get(i).spec() instanceof HttpConnectionManagerSpec manager) {
                switch (manager.routes()) {
                    case Routes.Discovered(String name) ->
                            users.computeIfAbsent(name, n -> new ArrayList<>()).add(manager);
                    case Routes.Inline(RouteTable table) ->
                            inline(
                                    manager,
                                    table,
                                    chain.getFilters(i).getTypedConfig(),
                                    place.at("filters", i).at("typed_config"));
                }
            }
        }
    }

    /** What a TypedStruct spells is not looked at: it has no message of its own. */
    private void inline(
            HttpConnectionManagerSpec manager, RouteTable table, Any config, Place place) {
        if (!TypeRegistry.nameOf(config.getTypeUrl()).equals(TYPE)) {
            return;
        }
        try {
            RouteConfiguration message =
                    HttpConnectionManager.parseFrom(config.getValue()).getRouteConfig();
            tables.add(new UsedTable(table, message, place.at("route_config"), List.of(manager)));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("it was compiled from these bytes", e);
        }
    }
}
