package dev.attache.server.review;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostic;
import dev.attache.config.cluster.CompiledCluster;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionDiscovery;
import dev.attache.config.extension.Preparation;
import dev.attache.config.extension.ResourceDependency;
import dev.attache.config.extension.SecretSources;
import dev.attache.config.validate.Findings;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.tls.secret.TlsSecret;
import dev.attache.proxy.worker.Faults;
import dev.attache.server.plane.compile.Compilers;
import dev.attache.server.plane.compile.DiscoveredParts;
import dev.attache.server.plane.compile.ListenerParts;
import dev.attache.xds.ResourceType;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a configuration whole, in the order in which a proxy that starts would: clusters with
 * their endpoints, then listeners with their routes and filters, and the secrets that they ask for.
 * Nothing is opened, subscribed or watched. Used once, on one thread.
 *
 * <p>Longer than files here should be: a step for each kind of resource.
 */
final class ConfigurationCompiler {

    /** As the compilers are made with secrets and with what clusters there are. */
    interface CompilersOf extends BiFunction<SecretSources, Predicate<String>, Compilers> {}

    private final Configuration into;
    private final Discovery discovery;
    private final NotedSecrets secrets;
    private final Compilers compilers;
    private final Set<String> known = new HashSet<>();
    private final Set<ExtensionDiscovery> discovered = new HashSet<>();
    private final Set<Address> bound = new HashSet<>();

    /** Whose resources are asked for. */
    private String owner = "";

    /**
     * @param into what it becomes; holds nothing yet
     */
    ConfigurationCompiler(Configuration into, Discovery discovery, CompilersOf compilers) {
        this.into = into;
        this.discovery = discovery;
        this.secrets = new NotedSecrets(into.bootstrap());
        this.compilers = compilers.apply(secrets, known::contains);
    }

    void compile() {
        Bootstrap bootstrap = into.bootstrap();
        var statics = bootstrap.getStaticResources();
        var dynamic = bootstrap.getDynamicResources();
        List<Given> clusters = List.of();
        statics.getClustersList().forEach(cluster -> known.add(cluster.getName()));
        if (dynamic.hasCdsConfig() || discovery.brings(ResourceType.CLUSTER)) {
            clusters = find(ResourceType.CLUSTER, "", dynamic.getCdsConfig());
            clusters.forEach(cluster -> known.add(cluster.name()));
        }
        for (int i = 0; i < statics.getClustersCount(); i++) {
            cluster(statics.getClusters(i), place("clusters", i));
        }
        each(clusters, "cluster", this::cluster);
        for (int i = 0; i < statics.getListenersCount(); i++) {
            listener(statics.getListeners(i), place("listeners", i));
        }
        if (dynamic.hasLdsConfig() || discovery.brings(ResourceType.LISTENER)) {
            List<Given> listeners = find(ResourceType.LISTENER, "", dynamic.getLdsConfig());
            each(listeners, "listener", this::listener);
        }
        secrets();
        secrets.named().forEach(into::usesSecret);
        discovery.endOfQuestions(into);
    }

    private Place place(String list, int index) {
        return Place.ofBootstrap(
                into.bootstrapPlace().positions(), "static_resources." + list + "[" + index + "]");
    }

    /** What a source has; nothing where only a control plane knows. */
    private List<Given> find(ResourceType type, String name, ConfigSource source) {
        List<Given> found = discovery.find(type, name, source, into);
        if (found == null) {
            boolean names =
                    !type.equals(ResourceType.ENDPOINT) && !type.equals(ResourceType.SECRET);
            if (names) {
                into.isPart();
            }
            if (type.equals(ResourceType.ENDPOINT)) {
                into.lacksEndpoints();
            }
            if (!name.isEmpty()) {
                into.awaits(owner, Given.noun(type) + " '" + name + "'");
            }
            return List.of();
        }
        return found;
    }

    private void each(List<Given> given, String noun, Consumer<Given> take) {
        Set<String> seen = new HashSet<>();
        for (Given resource : given) {
            if (seen.add(resource.name())) {
                take.accept(resource);
            } else {
                into.error(
                        resource.place()
                                .error("", "duplicate " + noun + " " + resource.name() + " found"));
            }
        }
    }

    private void owner(String name) {
        owner = name;
        secrets.askedBy(name);
    }

    private void cluster(Cluster cluster, Place place) {
        owner("cluster '" + cluster.getName() + "'");
        CompiledCluster spec = ofStatic(compile(place, () -> compilers.cluster(cluster, null)));
        if (spec != null) {
            takeCluster(new Piece<>(cluster.getName(), place, cluster, spec, true));
        }
    }

    private void cluster(Given given) {
        owner("cluster '" + given.name() + "'");
        if (into.cluster(given.name()) != null) {
            hidden(given, "cluster", "clusters");
            return;
        }
        Piece<Cluster, CompiledCluster> piece =
                read(
                        given,
                        Cluster::parseFrom,
                        (message, found) -> compilers.cluster(message, found));
        if (piece != null) {
            takeCluster(piece);
        }
    }

    private void takeCluster(Piece<Cluster, CompiledCluster> cluster) {
        into.add(cluster);
        for (ResourceDependency dependency : cluster.spec().dependencies()) {
            if (dependency.typeUrl().equals(ResourceType.ENDPOINT.typeUrl())) {
                endpoints(dependency);
            }
        }
        discoveries(cluster.spec().discoveries());
    }

    private void endpoints(ResourceDependency dependency) {
        for (Given given : find(ResourceType.ENDPOINT, dependency.name(), dependency.source())) {
            var piece =
                    read(
                            given,
                            ClusterLoadAssignment::parseFrom,
                            (message, found) -> compilers.endpoints(message, found));
            if (piece != null) {
                into.addEndpoints(piece);
            }
        }
    }

    private void listener(Listener listener, Place place) {
        owner("listener '" + listener.getName() + "'");
        ListenerParts parts =
                ofStatic(compile(place, () -> compilers.listener(listener, null, known::contains)));
        if (parts != null) {
            takeListener(new Piece<>(parts.spec().name(), place, listener, parts, true));
        }
    }

    private void listener(Given given) {
        owner("listener '" + given.name() + "'");
        if (into.listener(given.name()) != null) {
            hidden(given, "listener", "listeners");
            return;
        }
        Piece<Listener, ListenerParts> piece =
                read(
                        given,
                        Listener::parseFrom,
                        (message, found) -> compilers.listener(message, found, known::contains));
        if (piece != null) {
            takeListener(piece);
        }
    }

    private void takeListener(Piece<Listener, ListenerParts> listener) {
        if (isTaken(listener)) {
            return;
        }
        into.addListener(listener);
        for (Preparation preparation : listener.spec().preparations()) {
            if (preparation.waiting().waits()) {
                into.awaits(owner, preparation.name());
            }
        }
        routes(listener.spec().dependencies());
        discoveries(listener.spec().discoveries());
    }

    /** Whether another listener has an address of it, which is an error. */
    private boolean isTaken(Piece<Listener, ListenerParts> listener) {
        ListenerSpec spec = listener.spec().spec();
        boolean taken = false;
        for (Address address : spec.bound()) {
            taken |= bound.contains(address);
        }
        bound.addAll(spec.bound());
        if (!taken) {
            return false;
        }
        into.error(
                listener.place()
                        .error(
                                "address",
                                "error adding listener: '%s' has duplicate address '%s' as existing listener"
                                        .formatted(spec.name(), spec.addresses())));
        return true;
    }

    private void routes(List<ResourceDependency> dependencies) {
        for (ResourceDependency dependency : dependencies) {
            boolean routes = dependency.typeUrl().equals(ResourceType.ROUTE.typeUrl());
            if (!routes || into.route(dependency.name()) != null) {
                continue;
            }
            for (Given given : find(ResourceType.ROUTE, dependency.name(), dependency.source())) {
                var piece =
                        read(
                                given,
                                RouteConfiguration::parseFrom,
                                (message, found) ->
                                        compilers.routes(message, found, known::contains));
                if (piece != null) {
                    into.addRoutes(piece);
                }
            }
        }
    }

    private void discoveries(List<ExtensionDiscovery> discoveries) {
        for (ExtensionDiscovery discovery : discoveries) {
            if (!discovered.add(discovery)) {
                continue;
            }
            String name = discovery.name();
            for (Given given : find(ResourceType.EXTENSION_CONFIG, name, discovery.source())) {
                filter(given, discovery);
            }
        }
    }

    private void filter(Given given, ExtensionDiscovery discovery) {
        var piece =
                read(
                        given,
                        TypedExtensionConfig::parseFrom,
                        (message, found) -> {
                            String problem =
                                    message.hasTypedConfig()
                                            ? discovery.problem(
                                                    CompileContext.messageType(
                                                            message.getTypedConfig()))
                                            : null;
                            return problem != null
                                    ? Compiled.rejected(
                                            given.place().error("typed_config", problem))
                                    : compilers.extension(
                                            discovery.kind(), message, known::contains);
                        });
        if (piece == null) {
            return;
        }
        DiscoveredParts parts = piece.spec();
        String problem = discovery.problem(parts.extension(), parts.filter().terminal());
        if (problem != null) {
            into.error(given.place().error("typed_config", problem));
            return;
        }
        into.add(
                new Configuration.Loose(
                        ResourceType.EXTENSION_CONFIG, given.name(), given.bytes()));
        routes(parts.dependencies());
        discoveries(parts.discoveries());
    }

    private void secrets() {
        for (NotedSecrets.Asked asked : secrets.takeAsked()) {
            owner = asked.owner();
            for (Given given : find(ResourceType.SECRET, asked.name(), asked.source())) {
                secret(given, asked);
            }
        }
    }

    private void secret(Given given, NotedSecrets.Asked asked) {
        Secret secret;
        try {
            secret = Secret.parseFrom(given.bytes());
        } catch (InvalidProtocolBufferException e) {
            into.error(given.place().error("", "unreadable secret: " + e.getMessage()));
            return;
        }
        Compiled<? extends TlsSecret> compiled;
        try {
            compiled = asked.compiler().apply(secret);
        } catch (RuntimeException e) {
            into.error(given.place().error("", String.valueOf(e.getMessage())));
            return;
        }
        told(compiled, given.place());
    }

    private void hidden(Given given, String noun, String list) {
        into.warn(
                given.place()
                        .warning(
                                "name",
                                "this "
                                        + noun
                                        + " is not used: static_resources."
                                        + list
                                        + " has one of the same name, which stays",
                                "give one of them another name, or take one out"));
    }

    /** Bytes become a message. */
    private interface Parser<M> {
        M parse(ByteString bytes) throws InvalidProtocolBufferException;
    }

    private <M extends Message, S> @Nullable Piece<M, S> read(
            Given given, Parser<M> parser, BiFunction<M, Findings, Compiled<S>> compiler) {
        M message;
        try {
            message = parser.parse(given.bytes());
        } catch (InvalidProtocolBufferException e) {
            into.error(given.place().error("", "unreadable resource: " + e.getMessage()));
            return null;
        }
        Compiled<S> compiled =
                compile(
                        given.place(),
                        () -> compiler.apply(message, compilers.check(message, given.bytes())));
        S spec = told(compiled, given.place());
        return spec == null ? null : new Piece<>(given.name(), given.place(), message, spec, false);
    }

    /** What the compiler throws refuses the resource, as in a proxy that runs. */
    private static <S> Compiled<S> compile(Place place, Supplier<Compiled<S>> compiler) {
        try {
            return compiler.get();
        } catch (Throwable e) {
            Faults.contain(e);
            String why = e instanceof RuntimeException ? e.getMessage() : null;
            return Compiled.rejected(place.error("", why == null ? Faults.text(e) : why));
        }
    }

    private <S> @Nullable S told(Compiled<S> compiled, Place place) {
        compiled.errors().forEach(error -> into.error(place.located(error)));
        compiled.warnings().forEach(warning -> into.warn(place.located(warning)));
        return compiled instanceof Compiled.Ok<S> ok ? ok.value() : null;
    }

    /** Warnings of the bootstrap's own resources have been told with it. */
    private <S> @Nullable S ofStatic(Compiled<S> compiled) {
        for (Diagnostic error : compiled.errors()) {
            into.error(error);
        }
        return compiled instanceof Compiled.Ok<S> ok ? ok.value() : null;
    }
}
