package dev.attache.config.cluster;

import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.proxy.matching.MatchTree;
import dev.attache.proxy.transport.ClientTransportSpec;
import dev.attache.proxy.transport.RawClientTransportSpec;
import dev.attache.proxy.upstream.spec.TransportSelection;
import dev.attache.proxy.upstream.spec.TransportSelection.Labels;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code transport_socket} and {@code transport_socket_matches}. */
final class TransportCompiler {
    private TransportCompiler() {}

    static TransportSelection compile(Cluster cluster, CompileContext context) {
        ClientTransportSpec fallback = new RawClientTransportSpec();
        if (cluster.hasTransportSocket()) {
            ClientTransportSpec configured =
                    socket(cluster.getTransportSocket(), context.at("transport_socket"));
            fallback = configured == null ? fallback : configured;
        }
        MatchTree<Labels, String> matcher = TransportMatcherCompiler.compile(cluster, context);
        return new TransportSelection(fallback, matches(cluster, context), matcher);
    }

    private static List<TransportSelection.Match> matches(Cluster cluster, CompileContext context) {
        List<TransportSelection.Match> matches = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < cluster.getTransportSocketMatchesCount(); i++) {
            var match = cluster.getTransportSocketMatches(i);
            CompileContext at = context.at("transport_socket_matches", i);
            if (!names.add(match.getName())) {
                at.at("name").error("Duplicate transport socket match name: " + match.getName());
            }
            ClientTransportSpec socket =
                    match.hasTransportSocket()
                            ? socket(match.getTransportSocket(), at.at("transport_socket"))
                            : new RawClientTransportSpec();
            if (socket != null) {
                matches.add(
                        new TransportSelection.Match(
                                match.getName(), MetadataValues.compile(match.getMatch()), socket));
            }
        }
        return matches;
    }

    private static @Nullable ClientTransportSpec socket(
            TransportSocket socket, CompileContext context) {
        return context.at("typed_config")
                .extension(
                        ExtensionCategory.UPSTREAM_TRANSPORT_SOCKET,
                        ClientTransportSpec.class,
                        socket.getName(),
                        socket.getTypedConfig());
    }
}
