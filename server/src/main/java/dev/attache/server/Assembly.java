package dev.attache.server;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.config.bootstrap.CoreSupport;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.CompileSettings;
import dev.attache.config.extension.ExtensionRegistry;
import dev.attache.config.extension.SecretSources;
import dev.attache.config.load.ConfigLoader;
import dev.attache.config.load.LoadedConfig;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import dev.attache.config.matching.StringMatchers;
import dev.attache.config.runtime.RuntimeValues;
import dev.attache.config.validate.ConstraintValidator;
import dev.attache.config.validate.DeprecatedFields;
import dev.attache.filters.BuiltinExtensions;
import dev.attache.proxy.accesslog.LogFiles;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.plane.Compilers;
import dev.attache.xds.file.ResponseFileReader;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.metrics.v3.StatsMatcher;
import io.envoyproxy.envoy.config.overload.v3.ResourceMonitor;
import io.envoyproxy.envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What bootstrap and flags mean for the parts of the server: extensions, compilers, limits. Made once;
 * serving and validating use the same.
 */
final class Assembly {

    private final ServerOptions options;
    private final LoadedConfig<Bootstrap> bootstrap;
    private final TypeRegistry types;
    private final ExtensionRegistry extensions;
    private final RuntimeValues runtime;

    private Assembly(
            ServerOptions options, LoadedConfig<Bootstrap> bootstrap, TypeRegistry types) {
        this.options = options;
        this.bootstrap = bootstrap;
        this.types = types;
        this.extensions =
                ExtensionRegistry.withServices(
                        BuiltinExtensions.all(),
                        CoreSupport.all(),
                        Assembly.class.getClassLoader());
        this.runtime = RuntimeLayers.of(bootstrap.message().getLayeredRuntime());
    }

    static Assembly of(ServerOptions options) throws StartupException {
        TypeRegistry types = new TypeRegistry();
        return new Assembly(options, BootstrapReader.read(options, types), types);
    }

    Bootstrap bootstrap() {
        return bootstrap.message();
    }

    ExtensionRegistry extensions() {
        return extensions;
    }

    RuntimeValues runtime() {
        return runtime;
    }

    TypeRegistry types() {
        return types;
    }

    /**
     * @param knownClusters whether there is a cluster of the name
     */
    Compilers compilers(
            SecretSources secrets, LogFiles logFiles, Predicate<String> knownClusters) {
        CompileSettings forStatic = settings(secrets, logFiles).withKnownClusters(knownClusters);
        return new ConfigCompilers(
                bootstrap, forStatic, forStatic.withUnknownFields(dynamicPolicy()));
    }

    private CompileSettings settings(SecretSources secrets, LogFiles logFiles) {
        return new CompileSettings(
                extensions,
                types,
                new ConstraintValidator(),
                new DeprecatedFields(
                        field -> runtime.flag("envoy.deprecated_features:" + field, false)),
                options.allowUnknownStaticFields()
                        ? UnknownFieldPolicy.WARN
                        : UnknownFieldPolicy.REJECT,
                runtime,
                secrets,
                logFiles,
                name -> true,
                System.getenv());
    }

    private UnknownFieldPolicy dynamicPolicy() {
        if (options.rejectUnknownDynamicFields()) {
            return UnknownFieldPolicy.REJECT;
        }
        return options.ignoreUnknownDynamicFields()
                ? UnknownFieldPolicy.IGNORE
                : UnknownFieldPolicy.WARN;
    }

    /** Reads the files of filesystem subscriptions. */
    ResponseFileReader responseReader() {
        ConfigLoader loader = new ConfigLoader(types, dynamicPolicy());
        return file ->
                switch (loader.load(file, DiscoveryResponse.getDefaultInstance(), "discovery response")) {
                    case Compiled.Ok<LoadedConfig<DiscoveryResponse>> ok -> ok.value().message();
                    case Compiled.Rejected<LoadedConfig<DiscoveryResponse>> rejected ->
                            throw new IOException(rejected.summary());
                };
    }

    /** {@code admin}, or null where there is no address. */
    @Nullable AdminSettings admin(LogFiles logFiles) throws StartupException {
        Diagnostics diagnostics = new Diagnostics("bootstrap", bootstrap.positions());
        CompileContext context =
                CompileContext.root(
                                settings(SecretSources.offline(java.util.Map.of()), logFiles),
                                diagnostics)
                        .at("admin");
        AdminSettings settings = AdminSettings.compile(bootstrap.message().getAdmin(), context);
        if (diagnostics.hasErrors()) {
            throw new StartupException(BootstrapReader.text(diagnostics.errors()));
        }
        return settings;
    }

    /** {@code stats_config.stats_matcher}: which stats exist. */
    Predicate<String> statsMatcher(LogFiles logFiles) throws StartupException {
        StatsMatcher matcher = bootstrap.message().getStatsConfig().getStatsMatcher();
        Diagnostics diagnostics = new Diagnostics("bootstrap", bootstrap.positions());
        CompileContext context =
                CompileContext.root(
                                settings(SecretSources.offline(java.util.Map.of()), logFiles),
                                diagnostics)
                        .at("stats_config")
                        .at("stats_matcher");
        boolean inclusive = matcher.hasInclusionList();
        List<StringMatcher> patterns = new ArrayList<>();
        var list =
                inclusive
                        ? matcher.getInclusionList().getPatternsList()
                        : matcher.getExclusionList().getPatternsList();
        String field = inclusive ? "inclusion_list" : "exclusion_list";
        for (int i = 0; i < list.size(); i++) {
            StringMatcher pattern =
                    StringMatchers.compile(list.get(i), context.at(field).at("patterns", i));
            if (pattern != null) {
                patterns.add(pattern);
            }
        }
        if (diagnostics.hasErrors()) {
            throw new StartupException(BootstrapReader.text(diagnostics.errors()));
        }
        return switch (matcher.getStatsMatcherCase()) {
            case REJECT_ALL -> name -> !matcher.getRejectAll();
            case INCLUSION_LIST -> name -> patterns.stream().anyMatch(p -> p.matches(name));
            case EXCLUSION_LIST -> name -> patterns.stream().noneMatch(p -> p.matches(name));
            case STATSMATCHER_NOT_SET -> name -> true;
        };
    }

    /** Limit of the overload manager's {@code downstream_connections} monitor; 0 = none. */
    long maxDownstreamConnections() throws StartupException {
        for (ResourceMonitor monitor :
                bootstrap.message().getOverloadManager().getResourceMonitorsList()) {
            if (!monitor.getTypedConfig().is(DownstreamConnectionsConfig.class)) {
                continue;
            }
            try {
                return monitor.getTypedConfig()
                        .unpack(DownstreamConnectionsConfig.class)
                        .getMaxActiveDownstreamConnections();
            } catch (InvalidProtocolBufferException e) {
                throw new StartupException(
                        "overload_manager: unreadable resource monitor '" + monitor.getName() + "'",
                        e);
            }
        }
        return 0;
    }
}
