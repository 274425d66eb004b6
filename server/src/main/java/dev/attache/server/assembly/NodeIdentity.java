package dev.attache.server.assembly;

import dev.attache.config.extension.ExtensionEntry;
import dev.attache.config.extension.ExtensionRegistry;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.lifecycle.Version;
import io.envoyproxy.envoy.config.core.v3.Extension;
import io.envoyproxy.envoy.config.core.v3.Node;

/**
 * The node that control planes see: the bootstrap's, completed by flags and by what this build is.
 */
public final class NodeIdentity {

    private NodeIdentity() {}

    public static Node of(Node configured, ServerOptions options, ExtensionRegistry extensions) {
        Node.Builder node = configured.toBuilder();
        if (node.getId().isEmpty()) {
            node.setId(options.serviceNode());
        }
        if (node.getCluster().isEmpty()) {
            node.setCluster(options.serviceCluster());
        }
        if (node.getLocality().getZone().isEmpty() && !options.serviceZone().isEmpty()) {
            node.getLocalityBuilder().setZone(options.serviceZone());
        }
        node.setUserAgentName("envoy").setUserAgentBuildVersion(Version.build());
        for (ExtensionEntry extension : extensions.all()) {
            node.addExtensions(
                    Extension.newBuilder()
                            .setName(extension.wellKnownName())
                            .setCategory(extension.key().category().envoyName())
                            .addTypeUrls(extension.key().messageType()));
        }
        node.addClientFeatures("envoy.lb.does_not_support_overprovisioning")
                .addClientFeatures("envoy.lrs.supports_send_all_clusters");
        return node.build();
    }
}
