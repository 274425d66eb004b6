package dev.attache.config.bootstrap;

import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.config.cluster.ClusterCompiler;
import dev.attache.config.cluster.CompiledCluster;
import dev.attache.config.cluster.discovery.DnsResolvers;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.CompileSettings;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.listener.CompiledListener;
import dev.attache.config.listener.ListenerCompiler;
import dev.attache.config.load.LoadedConfig;
import dev.attache.config.overload.OverloadCompiler;
import dev.attache.config.overload.OverloadSpec;
import dev.attache.config.runtime.RuntimeValues;
import dev.attache.config.validate.DeprecatedFeatures;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.upstream.spec.DnsServers;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.trace.v3.Tracing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code Bootstrap} to {@link CompiledBootstrap}: everything that can be said before anything runs.
 */
public final class BootstrapCompiler {
    private BootstrapCompiler() {}

    /**
     * Checks and compiles a bootstrap with all its static resources.
     *
     * @param loaded as read; what could not be read is reported first
     * @param settings as the command line asks; runtime, deprecated features and known clusters are
     *     taken from the bootstrap itself
     */
    public static Compiled<CompiledBootstrap> compile(
            LoadedConfig<Bootstrap> loaded, CompileSettings settings) {
        Bootstrap bootstrap = loaded.message();
        Diagnostics diagnostics = new Diagnostics("bootstrap", loaded.positions());
        diagnostics.addUnread(loaded.errors());
        RuntimeValues runtime =
                RuntimeCompiler.compile(
                        bootstrap.getLayeredRuntime(),
                        CompileContext.root(settings, diagnostics).at("layered_runtime"));
        CompileSettings own = withBootstrap(settings, runtime, bootstrap);
        CompileContext context = CompileContext.root(own, diagnostics);
        List<String> violations = context.violations(bootstrap);
        if (!violations.isEmpty()) {
            CompileContext resources = context.at("static_resources");
            clusters(bootstrap, violations, resources);
            listeners(bootstrap, violations, resources);
            return diagnostics.result(null);
        }
        ProcessExtensions extensions = ProcessSettings.check(bootstrap, context);
        StatsSettings stats = StatsCompiler.compile(bootstrap, context);
        checkTracer(bootstrap, context);
        WatchdogSettings watchdogs = WatchdogCompiler.compile(bootstrap, context);
        AdminSettings admin = AdminCompiler.compile(bootstrap.getAdmin(), context.at("admin"));
        OverloadSpec overload =
                bootstrap.hasOverloadManager()
                        ? OverloadCompiler.compile(
                                bootstrap.getOverloadManager(), context.at("overload_manager"))
                        : OverloadSpec.NONE;
        DnsServers resolvers = DnsResolvers.compile(bootstrap, context);
        CompileSettings forResources =
                own.withResolvers(resolvers)
                        .withInternalListeners(extensions.internalListeners() != null);
        CompileContext resources =
                CompileContext.root(forResources, diagnostics).at("static_resources");
        secrets(bootstrap, resources);
        List<CompiledCluster> clusters = clusters(bootstrap, List.of(), resources);
        List<CompiledListener> listeners = listeners(bootstrap, List.of(), resources);
        return diagnostics.result(
                new CompiledBootstrap(
                        runtime,
                        stats,
                        watchdogs,
                        admin,
                        clusters,
                        listeners,
                        overload,
                        resolvers,
                        extensions));
    }

    private static CompileSettings withBootstrap(
            CompileSettings settings, RuntimeValues runtime, Bootstrap bootstrap) {
        Set<String> names = new HashSet<>();
        for (Cluster cluster : bootstrap.getStaticResources().getClustersList()) {
            names.add(cluster.getName());
        }
        DeprecatedFeatures deprecated =
                settings.deprecated()
                        .allowing(name -> runtime.flag("envoy.deprecated_features:" + name, false));
        return new CompileSettings(
                        settings.registry(),
                        settings.types(),
                        deprecated,
                        settings.unheeded(),
                        runtime,
                        settings.secrets(),
                        settings.logFiles(),
                        names::contains,
                        settings.environment(),
                        settings.hasNode() || isNamed(bootstrap.getNode()),
                        bootstrap.getClusterManager().getLocalClusterName(),
                        settings.shared(),
                        settings.node(),
                        tracer(bootstrap))
                .withCode(settings.runsCode());
    }

    /** What connection managers use that name no tracer. */
    @SuppressWarnings("deprecation") // it is deprecated, and Istio writes it
    public static Tracing.@Nullable Http tracer(Bootstrap bootstrap) {
        return bootstrap.hasTracing() && bootstrap.getTracing().hasHttp()
                ? bootstrap.getTracing().getHttp()
                : null;
    }

    /** It has to exist whether or not a connection manager uses it; its settings are read then. */
    private static void checkTracer(Bootstrap bootstrap, CompileContext context) {
        Tracing.Http tracer = tracer(bootstrap);
        if (tracer != null) {
            context.at("tracing")
                    .at("http")
                    .existing(ExtensionCategory.TRACER, tracer.getName(), tracer.getTypedConfig());
        }
    }

    private static boolean isNamed(Node node) {
        return !node.getId().isEmpty() && !node.getCluster().isEmpty();
    }

    private static void secrets(Bootstrap bootstrap, CompileContext context) {
        Set<String> names = new HashSet<>();
        var secrets = bootstrap.getStaticResources().getSecretsList();
        for (int i = 0; i < secrets.size(); i++) {
            var secret = secrets.get(i);
            if (!names.add(secret.getTypeCase() + "/" + secret.getName())) {
                context.at("secrets", i)
                        .error(
                                "Duplicate static %s secret name %s"
                                        .formatted(
                                                kind(secret.getTypeCase().name()),
                                                secret.getName()));
            }
        }
    }

    /** {@code TLS_CERTIFICATE} as Envoy says it: TlsCertificate. */
    private static String kind(String type) {
        StringBuilder name = new StringBuilder();
        for (String word : type.split("_")) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    /** Compiles those whose constraints hold; where some do not, for the sake of the errors. */
    private static List<CompiledCluster> clusters(
            Bootstrap bootstrap, List<String> violations, CompileContext context) {
        List<CompiledCluster> compiled = new ArrayList<>();
        Set<String> names = new HashSet<>();
        var bind = bootstrap.getClusterManager().getUpstreamBindConfig();
        var clusters = bootstrap.getStaticResources().getClustersList();
        for (int i = 0; i < clusters.size(); i++) {
            CompileContext at = context.at("clusters", i).forResource();
            if (violates(at, violations)) {
                continue;
            }
            if (!names.add(clusters.get(i).getName())) {
                at.at("name")
                        .error(
                                "cluster manager: duplicate cluster '%s'"
                                        .formatted(clusters.get(i).getName()));
            }
            CompiledCluster cluster = ClusterCompiler.compile(clusters.get(i), bind, false, at);
            if (cluster != null) {
                compiled.add(cluster);
            }
        }
        return compiled;
    }

    private static boolean violates(CompileContext resource, List<String> violations) {
        return violations.stream().anyMatch(path -> path.startsWith(resource.path() + "."));
    }

    private static void checkAddress(
            ListenerSpec listener, Set<Address> bound, CompileContext context) {
        boolean taken = false;
        for (Address address : listener.bound()) {
            taken |= bound.contains(address);
        }
        bound.addAll(listener.bound());
        if (taken) {
            context.at("address")
                    .error(
                            "error adding listener: '%s' has duplicate address '%s' as existing listener, to check if the listener has duplicated addresses with other listeners or 'enable_reuse_port' is set to 'false' for the listener"
                                    .formatted(listener.name(), listener.addresses()));
        }
    }

    private static List<CompiledListener> listeners(
            Bootstrap bootstrap, List<String> violations, CompileContext context) {
        List<CompiledListener> compiled = new ArrayList<>();
        Set<Address> bound = new HashSet<>();
        var listeners = bootstrap.getStaticResources().getListenersList();
        for (int i = 0; i < listeners.size(); i++) {
            CompileContext at = context.at("listeners", i).forResource();
            if (violates(at, violations)) {
                continue;
            }
            CompiledListener listener = ListenerCompiler.compile(listeners.get(i), at);
            if (listener != null) {
                checkAddress(listener.spec(), bound, at);
                compiled.add(listener);
            }
        }
        return compiled;
    }
}
