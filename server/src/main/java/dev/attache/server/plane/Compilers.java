package dev.attache.server.plane;

import dev.attache.config.Compiled;
import dev.attache.config.cluster.CompiledCluster;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.upstream.host.LoadAssignment;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.function.Predicate;

/**
 * Turns resources into specs: {@code dev.attache.config} as the stores use it. Main loop only, but
 * for routes, which are compiled beside it.
 */
public interface Compilers {

    /**
     * @param viaApi it came by CDS rather than by bootstrap
     */
    Compiled<CompiledCluster> cluster(Cluster cluster, boolean viaApi);

    Compiled<LoadAssignment> endpoints(ClusterLoadAssignment assignment);

    /**
     * @param viaApi it came by LDS rather than by bootstrap
     */
    Compiled<ListenerParts> listener(Listener listener, boolean viaApi);

    /**
     * Any thread; secrets are asked for where they belong.
     *
     * @param clusters whether there is a cluster of the name, for configurations that want to know
     */
    Compiled<RouteTable> routes(RouteConfiguration routes, Predicate<String> clusters);
}
