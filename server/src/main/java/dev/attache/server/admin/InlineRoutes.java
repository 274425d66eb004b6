package dev.attache.server.admin;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.attache.config.load.TypeRegistry;
import dev.attache.server.plane.StoredResource;
import dev.attache.server.plane.StoredVersion;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The route configurations that listeners carry inside, which {@code /config_dump} lists as static.
 */
final class InlineRoutes {

    private final TypeRegistry types;

    InlineRoutes(TypeRegistry types) {
        this.types = types;
    }

    Map<Message, Instant> of(List<StoredResource> listeners) throws ConfigDump.BadRequest {
        Map<Message, Instant> routes = new LinkedHashMap<>();
        for (StoredResource stored : listeners) {
            StoredVersion active = stored.active();
            if (active == null) {
                continue;
            }
            Listener listener = ConfigDump.unpack(active.body(), Listener.class);
            List<FilterChain> chains = new ArrayList<>(listener.getFilterChainsList());
            if (listener.hasDefaultFilterChain()) {
                chains.add(listener.getDefaultFilterChain());
            }
            for (FilterChain chain : chains) {
                for (Filter filter : chain.getFiltersList()) {
                    RouteConfiguration inline = inline(filter.getTypedConfig());
                    if (!inline.equals(RouteConfiguration.getDefaultInstance())) {
                        routes.put(inline, active.updated());
                    }
                }
            }
        }
        return routes;
    }

    private RouteConfiguration inline(Any filter) {
        if (!TypeRegistry.nameOf(filter.getTypeUrl())
                        .equals(HttpConnectionManager.getDescriptor().getFullName())
                || types.find(filter.getTypeUrl()).isEmpty()) {
            return RouteConfiguration.getDefaultInstance();
        }
        try {
            return HttpConnectionManager.parseFrom(filter.getValue()).getRouteConfig();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("an accepted listener that does not parse", e);
        }
    }
}
