package dev.attache.server.admin.dump;

import dev.attache.config.extension.FilterKind;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.server.plane.ConfigPlane;
import dev.attache.server.plane.version.StoredResource;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What is configured at one moment. Taken on the main loop, where it costs a look at each resource;
 * for any thread from then on.
 *
 * @param self the node as control planes see it
 * @param extensions filters whose configurations are discovered, by kind
 * @param active clusters that serve; none where nobody asked for their endpoints
 */
public record ConfigSnapshot(
        Bootstrap bootstrap,
        Node self,
        Instant started,
        String clustersVersion,
        List<StoredResource> clusters,
        List<SharedCluster> active,
        String listenersVersion,
        List<StoredResource> listeners,
        List<StoredResource> routes,
        Map<FilterKind, List<StoredResource>> extensions,
        List<Secret> staticSecrets,
        List<StoredResource> secrets) {

    /**
     * Takes it.
     *
     * @param withEndpoints whether the clusters' endpoints are to be shown
     */
    public static ConfigSnapshot of(
            Bootstrap bootstrap,
            Node self,
            Instant started,
            ConfigPlane plane,
            boolean withEndpoints) {
        return new ConfigSnapshot(
                bootstrap,
                self,
                started,
                plane.clusters().version(),
                plane.clusters().stored(),
                withEndpoints ? plane.clusters().serving() : List.of(),
                plane.listeners().version(),
                plane.listeners().stored(),
                plane.routes().stored(),
                plane.extensions().stored(),
                plane.secrets().statics(),
                plane.secrets().stored());
    }
}
