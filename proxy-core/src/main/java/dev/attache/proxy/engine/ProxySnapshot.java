package dev.attache.proxy.engine;

import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.upstream.SharedCluster;
import java.util.Map;

/**
 * All that the data plane should be doing at one moment, warm and complete. Made by the config
 * plane, immutable. What did not change since the previous snapshot is the same object, which is
 * how workers find what did.
 *
 * @param version grows with each snapshot
 * @param listeners by name
 * @param routes RDS tables by name
 * @param clusters by name, warm; their hosts travel on their own ({@link Engine#publishHosts})
 */
public record ProxySnapshot(
        long version,
        Map<String, ListenerSpec> listeners,
        Map<String, RouteTable> routes,
        Map<String, SharedCluster> clusters) {

    public static final ProxySnapshot EMPTY = new ProxySnapshot(0, Map.of(), Map.of(), Map.of());

    public ProxySnapshot {
        listeners = Map.copyOf(listeners);
        routes = Map.copyOf(routes);
        clusters = Map.copyOf(clusters);
    }
}
