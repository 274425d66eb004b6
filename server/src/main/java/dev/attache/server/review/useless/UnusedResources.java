package dev.attache.server.review.useless;

import com.google.protobuf.Any;
import dev.attache.config.Diagnostic;
import dev.attache.config.cluster.CompiledCluster;
import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.address.InternalAddress;
import dev.attache.server.plane.compile.ListenerParts;
import dev.attache.server.review.Configuration;
import dev.attache.server.review.Piece;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.List;
import java.util.function.Consumer;

/**
 * Clusters, internal listeners and secrets of the bootstrap that nobody names. Says nothing where a
 * control plane has more to say, or where names are made up while requests are served. Pure.
 */
final class UnusedResources {

    private UnusedResources() {}

    static void find(Configuration configuration, TypeRegistry types, Consumer<Diagnostic> found) {
        if (!configuration.isWhole()) {
            return;
        }
        secrets(configuration, found);
        MentionedNames names = mentioned(configuration, types);
        if (names.areMadeUp()) {
            return;
        }
        clusters(configuration, names, found);
        if (configuration.hasAllEndpoints()) {
            internalListeners(configuration, names, found);
        }
    }

    private static void clusters(
            Configuration configuration, MentionedNames names, Consumer<Diagnostic> found) {
        for (Piece<Cluster, CompiledCluster> cluster : configuration.clusters()) {
            if (!names.has(cluster.name(), "cluster " + cluster.name())) {
                found.accept(
                        cluster.place()
                                .warning(
                                        "",
                                        "nobody uses cluster '" + cluster.name() + "'",
                                        "name it where it is to be used, or take it out"));
            }
        }
    }

    private static void internalListeners(
            Configuration configuration, MentionedNames names, Consumer<Diagnostic> found) {
        for (Piece<Listener, ListenerParts> listener : configuration.listeners()) {
            boolean internal = listener.spec().spec().address() instanceof InternalAddress;
            if (internal && !names.has(listener.name(), "listener " + listener.name())) {
                found.accept(
                        listener.place()
                                .warning(
                                        "internal_listener",
                                        "nobody connects to internal listener '"
                                                + listener.name()
                                                + "'",
                                        "name it in an endpoint (server_listener_name), or take it"
                                                + " out"));
            }
        }
    }

    private static void secrets(Configuration configuration, Consumer<Diagnostic> found) {
        List<Secret> secrets = configuration.bootstrap().getStaticResources().getSecretsList();
        for (int i = 0; i < secrets.size(); i++) {
            String name = secrets.get(i).getName();
            if (!configuration.namedSecrets().contains(name)) {
                found.accept(
                        configuration
                                .bootstrapPlace()
                                .at("static_resources")
                                .at("secrets", i)
                                .warning(
                                        "",
                                        "nobody uses secret '" + name + "'",
                                        "name it where it is to be used, without sds_config, or"
                                                + " take it out"));
            }
        }
    }

    private static MentionedNames mentioned(Configuration configuration, TypeRegistry types) {
        MentionedNames names = new MentionedNames(types);
        Bootstrap process =
                configuration.bootstrap().toBuilder().clearStaticResources().clearNode().build();
        names.read("bootstrap", process);
        configuration.clusters().forEach(c -> names.read("cluster " + c.name(), c.message()));
        configuration.listeners().forEach(l -> names.read("listener " + l.name(), l.message()));
        configuration.routes().forEach(r -> names.read("routes " + r.name(), r.message()));
        configuration.endpoints().forEach(e -> names.read("endpoints " + e.name(), e.message()));
        configuration
                .loose()
                .forEach(each ->
                        names.read(
                                each.type().shortName() + " " + each.name(),
                                Any.newBuilder()
                                        .setTypeUrl(each.type().typeUrl())
                                        .setValue(each.bytes())
                                        .build()));
        return names;
    }
}
