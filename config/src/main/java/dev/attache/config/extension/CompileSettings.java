package dev.attache.config.extension;

import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import dev.attache.config.runtime.RuntimeValues;
import dev.attache.config.validate.DeprecatedFeatures;
import dev.attache.config.validate.MessageChecker;
import dev.attache.config.validate.UnheededFields;
import dev.attache.proxy.accesslog.LogFiles;
import dev.attache.proxy.upstream.spec.DnsServers;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.trace.v3.Tracing;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What all compilations of a process share.
 *
 * @param unheeded what is done about fields that nobody knows, or that have no effect
 * @param runtime the runtime layers as they stand
 * @param secrets where references to secrets are resolved
 * @param logFiles opens access logs, at compile time as Envoy does
 * @param knownClusters whether a cluster of the name exists, for routes that validate theirs
 * @param environment the process environment, as {@code environment_variable} data sources see it
 * @param hasNode whether the node has an id and a cluster, without which nothing is subscribed
 * @param localCluster {@code cluster_manager.local_cluster_name}; empty where there is none
 * @param shared what configurations share beyond their own lives
 * @param node who this proxy is, as it tells others
 * @param tracer the bootstrap's, for connection managers that name none; null = there is none
 * @param resolvers the bootstrap's DNS servers, for clusters that name none
 * @param internalListeners whether the bootstrap has the extension that they need
 * @param runsCode whether code that the configuration holds (Lua) may run while it is compiled: not
 *     where somebody sends it only to hear what it would do
 */
public record CompileSettings(
        ExtensionRegistry registry,
        TypeRegistry types,
        DeprecatedFeatures deprecated,
        UnheededFields unheeded,
        RuntimeValues runtime,
        SecretSources secrets,
        LogFiles logFiles,
        Predicate<String> knownClusters,
        Map<String, String> environment,
        boolean hasNode,
        String localCluster,
        SharedState shared,
        Supplier<Node> node,
        Tracing.@Nullable Http tracer,
        DnsServers resolvers,
        boolean internalListeners,
        boolean runsCode) {

    /** With the system's resolvers and internal listeners. */
    public CompileSettings(
            ExtensionRegistry registry,
            TypeRegistry types,
            DeprecatedFeatures deprecated,
            UnheededFields unheeded,
            RuntimeValues runtime,
            SecretSources secrets,
            LogFiles logFiles,
            Predicate<String> knownClusters,
            Map<String, String> environment,
            boolean hasNode,
            String localCluster,
            SharedState shared,
            Supplier<Node> node,
            Tracing.@Nullable Http tracer) {
        this(
                registry,
                types,
                deprecated,
                unheeded,
                runtime,
                secrets,
                logFiles,
                knownClusters,
                environment,
                hasNode,
                localCluster,
                shared,
                node,
                tracer,
                DnsServers.SYSTEM,
                true,
                true);
    }

    /** What checks messages before they are compiled. */
    public MessageChecker checker() {
        return new MessageChecker(registry.support(), types);
    }

    /** The strictest settings: what static configuration gets without any flag or runtime. */
    public static CompileSettings strict(
            ExtensionRegistry registry, SecretSources secrets, LogFiles logFiles) {
        return new CompileSettings(
                registry,
                new TypeRegistry(),
                DeprecatedFeatures.STRICT,
                new UnheededFields(UnknownFieldPolicy.REJECT),
                RuntimeValues.EMPTY,
                secrets,
                logFiles,
                name -> true,
                Map.of(),
                true,
                "",
                new SharedState(),
                Node::getDefaultInstance,
                null);
    }

    public CompileSettings withUnheeded(UnheededFields fields) {
        return with(fields, knownClusters, hasNode, resolvers, internalListeners);
    }

    public CompileSettings withNode(boolean named) {
        return with(unheeded, knownClusters, named, resolvers, internalListeners);
    }

    public CompileSettings withKnownClusters(Predicate<String> known) {
        return with(unheeded, known, hasNode, resolvers, internalListeners);
    }

    public CompileSettings withResolvers(DnsServers servers) {
        return with(unheeded, knownClusters, hasNode, servers, internalListeners);
    }

    public CompileSettings withInternalListeners(boolean enabled) {
        return with(unheeded, knownClusters, hasNode, resolvers, enabled);
    }

    public CompileSettings withCode(boolean runs) {
        return with(unheeded, knownClusters, hasNode, resolvers, internalListeners, runs);
    }

    private CompileSettings with(
            UnheededFields fields,
            Predicate<String> known,
            boolean named,
            DnsServers servers,
            boolean internal) {
        return with(fields, known, named, servers, internal, runsCode);
    }

    private CompileSettings with(
            UnheededFields fields,
            Predicate<String> known,
            boolean named,
            DnsServers servers,
            boolean internal,
            boolean runs) {
        return new CompileSettings(
                registry,
                types,
                deprecated,
                fields,
                runtime,
                secrets,
                logFiles,
                known,
                environment,
                named,
                localCluster,
                shared,
                node,
                tracer,
                servers,
                internal,
                runs);
    }
}
