package dev.attache.server.assembly;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.config.SourceMap;
import dev.attache.config.call.GrpcServices;
import dev.attache.config.cluster.ClusterCompiler;
import dev.attache.config.cluster.CompiledCluster;
import dev.attache.config.endpoint.LoadAssignmentCompiler;
import dev.attache.config.extension.CompileAttachments;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.CompileSettings;
import dev.attache.config.extension.FilterKind;
import dev.attache.config.listener.CompiledListener;
import dev.attache.config.listener.ListenerCompiler;
import dev.attache.config.load.LoadedConfig;
import dev.attache.config.route.CompiledRoutes;
import dev.attache.config.route.RouteConfigurationCompiler;
import dev.attache.config.validate.Findings;
import dev.attache.proxy.discovered.DiscoveredFilter;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.server.plane.compile.Compilers;
import dev.attache.server.plane.compile.DiscoveredParts;
import dev.attache.server.plane.compile.ListenerParts;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The compilers with their settings: strict ones for the bootstrap, whose resources have been
 * checked as part of it and are reported by their place in the file, and those for dynamic
 * resources. Any thread.
 */
final class ConfigCompilers implements Compilers {

    private record Place(String list, int index) {}

    private final CompileSettings forStatic;
    private final CompileSettings forDynamic;
    private final BindConfig bind;
    private final SourceMap positions;
    private final Map<Message, Place> places = new IdentityHashMap<>();

    ConfigCompilers(
            LoadedConfig<Bootstrap> bootstrap,
            CompileSettings forStatic,
            CompileSettings forDynamic) {
        this.forStatic = forStatic;
        this.forDynamic = forDynamic;
        this.bind = bootstrap.message().getClusterManager().getUpstreamBindConfig();
        this.positions = bootstrap.positions();
        Bootstrap.StaticResources resources = bootstrap.message().getStaticResources();
        for (int i = 0; i < resources.getClustersCount(); i++) {
            places.put(resources.getClusters(i), new Place("clusters", i));
        }
        for (int i = 0; i < resources.getListenersCount(); i++) {
            places.put(resources.getListeners(i), new Place("listeners", i));
        }
    }

    @Override
    public Findings check(Message message, ByteString bytes) {
        return forDynamic.checker().check(message, bytes);
    }

    @Override
    public Compiled<CompiledCluster> cluster(Cluster cluster, @Nullable Findings found) {
        if (found != null) {
            return ClusterCompiler.compileResource(cluster, found, bind, forDynamic);
        }
        CompileContext context = contextOf(cluster, forStatic);
        if (context == null) {
            return ClusterCompiler.compileResource(cluster, bind, forDynamic);
        }
        return context.result(ClusterCompiler.compile(cluster, bind, false, context));
    }

    @Override
    public Compiled<LoadAssignment> endpoints(ClusterLoadAssignment assignment, Findings found) {
        return LoadAssignmentCompiler.compileResource(assignment, found, forDynamic);
    }

    @Override
    public Compiled<ListenerParts> listener(
            Listener listener, @Nullable Findings found, Predicate<String> clusters) {
        return compileListener(listener, found, clusters)
                .map(compiled ->
                        new ListenerParts(
                                compiled.spec(),
                                compiled.dependencies(),
                                compiled.preparations(),
                                compiled.discoveries(),
                                compiled.generations()));
    }

    private Compiled<CompiledListener> compileListener(
            Listener listener, @Nullable Findings found, Predicate<String> clusters) {
        if (found != null) {
            return ListenerCompiler.compileResource(
                    listener, found, forDynamic.withKnownClusters(clusters));
        }
        CompileContext context = contextOf(listener, forStatic.withKnownClusters(clusters));
        if (context == null) {
            return ListenerCompiler.compileResource(listener, forStatic);
        }
        return context.result(ListenerCompiler.compile(listener, context));
    }

    @Override
    public Compiled<CompiledRoutes> routes(
            RouteConfiguration routes, Findings found, Predicate<String> clusters) {
        return RouteConfigurationCompiler.compileResource(
                routes, found, forDynamic.withKnownClusters(clusters));
    }

    @Override
    public Compiled<DiscoveredParts> extension(
            FilterKind kind, TypedExtensionConfig config, Predicate<String> clusters) {
        Diagnostics diagnostics =
                new Diagnostics("extension '" + config.getName() + "'", SourceMap.NONE);
        CompileContext context =
                CompileContext.root(forDynamic.withKnownClusters(clusters), diagnostics);
        context.attachments().ownedBy(config.getName());
        if (!context.check(config)) {
            return context.result(null);
        }
        Any typed = config.getTypedConfig();
        Object spec =
                context.at("typed_config")
                        .extension(kind.category(), kind.spec(), config.getName(), typed);
        return context.result(spec == null ? null : parts(kind, spec, typed, context));
    }

    private static DiscoveredParts parts(
            FilterKind kind, Object spec, Any typed, CompileContext context) {
        CompileAttachments attached = context.attachments();
        return new DiscoveredParts(
                new DiscoveredFilter.Found(
                        spec, CompileContext.messageType(typed), kind.terminal(spec)),
                context.extensionName(kind.category(), typed),
                attached.dependencies(),
                attached.discoveries(),
                attached.preparations());
    }

    @Override
    public Compiled<dev.attache.proxy.call.grpc.GrpcService> service(GrpcService service) {
        CompileContext context =
                CompileContext.root(forDynamic, new Diagnostics("control plane", positions));
        return context.result(GrpcServices.compile(service, 0, context));
    }

    private @Nullable CompileContext contextOf(Message message, CompileSettings settings) {
        Place place = places.get(message);
        if (place == null) {
            return null;
        }
        return CompileContext.root(settings, new Diagnostics("bootstrap", positions))
                .at("static_resources")
                .at(place.list(), place.index())
                .forResource();
    }
}
