package dev.attache.server.admin;

import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.server.AttacheServer;
import dev.attache.server.plane.version.StoredResource;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.time.Instant;
import java.util.List;

/**
 * What is configured at one moment. Taken on the main loop, where it costs a look at each resource;
 * for any thread from then on.
 *
 * @param self the node as control planes see it
 * @param active clusters that serve; none where nobody asked for their endpoints
 */
record ConfigSnapshot(
        Bootstrap bootstrap,
        Node self,
        Instant started,
        String clustersVersion,
        List<StoredResource> clusters,
        List<SharedCluster> active,
        String listenersVersion,
        List<StoredResource> listeners,
        List<StoredResource> routes,
        List<Secret> staticSecrets,
        List<StoredResource> secrets) {

    /**
     * Takes it.
     *
     * @param withEndpoints whether the clusters' endpoints are to be shown
     */
    static ConfigSnapshot of(AttacheServer server, boolean withEndpoints) {
        return new ConfigSnapshot(
                server.bootstrap(),
                server.node(),
                server.lifecycle().started(),
                server.plane().clusters().version(),
                server.plane().clusters().stored(),
                withEndpoints ? server.plane().clusters().serving() : List.of(),
                server.plane().listeners().version(),
                server.plane().listeners().stored(),
                server.plane().routes().stored(),
                server.plane().secrets().statics(),
                server.plane().secrets().stored());
    }
}
