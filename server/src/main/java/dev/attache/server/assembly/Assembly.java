package dev.attache.server.assembly;

import dev.attache.config.Compiled;
import dev.attache.config.Diagnostic;
import dev.attache.config.Diagnostics;
import dev.attache.config.SourceMap;
import dev.attache.config.bootstrap.AdminSettings;
import dev.attache.config.bootstrap.BootstrapCompiler;
import dev.attache.config.bootstrap.CompiledBootstrap;
import dev.attache.config.bootstrap.ProcessSubscription;
import dev.attache.config.bootstrap.StatsSettings;
import dev.attache.config.bootstrap.WatchdogSettings;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.CompileSettings;
import dev.attache.config.extension.SecretSources;
import dev.attache.config.extension.SharedState;
import dev.attache.config.extension.jar.ServiceKind;
import dev.attache.config.extension.jar.UserExtensions;
import dev.attache.config.load.ConfigLoader;
import dev.attache.config.load.LoadedConfig;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
import dev.attache.config.overload.OverloadSpec;
import dev.attache.config.runtime.RuntimeValues;
import dev.attache.config.validate.DeprecatedFeatures;
import dev.attache.config.validate.UnheededFields;
import dev.attache.filters.BuiltinExtension;
import dev.attache.filters.http.author.AuthorExtensions;
import dev.attache.proxy.accesslog.LogFiles;
import dev.attache.proxy.engine.EngineOptions;
import dev.attache.proxy.listener.spec.InternalListenerSettings;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.lifecycle.Version;
import dev.attache.server.log.Logging;
import dev.attache.server.plane.compile.Compilers;
import dev.attache.xds.file.ResponseFileReader;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap.ApplicationLogConfig.LogFormat;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What bootstrap and flags mean for the parts of the server: extensions, compilers, limits. Made
 * once; serving and validating use the same.
 *
 * <p>Longer than files here should be: what is read of bootstrap and flags is read once, here.
 */
public final class Assembly implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    private final ServerOptions options;
    private final LoadedConfig<Bootstrap> bootstrap;
    private final TypeRegistry types;

    /** Deprecated features that have been warned about. */
    private final Set<String> deprecated = ConcurrentHashMap.newKeySet();

    /** Fields without effect that have been warned about. */
    private final Set<String> idle = ConcurrentHashMap.newKeySet();

    private final SharedState shared = new SharedState();
    private final UserExtensions extensions;
    private final StatsStore stats;
    private final LogFiles logFiles;
    private final CompiledBootstrap compiled;
    private @Nullable Node node;

    /** All that was worth a warning. */
    private final List<Diagnostic> warnings = new ArrayList<>();

    /** Whether warnings go to the log. */
    private final boolean tells;

    /** Everything exists until the bootstrap has said what is wanted. */
    private volatile Predicate<String> wanted = name -> true;

    private Assembly(
            ServerOptions options,
            UserExtensions extensions,
            LoadedConfig<Bootstrap> bootstrap,
            boolean tells)
            throws StartupException {
        this.options = options;
        this.types = extensions.types();
        this.extensions = extensions;
        this.bootstrap = bootstrap;
        this.tells = tells;
        this.stats = new StatsStore(name -> wanted.test(name));
        this.logFiles =
                options.mode() == ServerOptions.Mode.VALIDATE || !tells
                        ? LogFiles.looking(stats)
                        : new LogFiles(
                                stats,
                                options.fileFlushInterval().toMillis(),
                                options.fileFlushMinSizeKb());
        try {
            this.compiled = compile().withoutResources();
        } catch (StartupException | RuntimeException e) {
            logFiles.close();
            throw e;
        }
        this.wanted = compiled.stats().wanted();
        stats.forgetUnwanted();
    }

    /** Fields that are not known and were skipped: a line each, and one for the whole file. */
    private void tellUnknown(String counter, List<Diagnostic> warnings) {
        warn(warnings);
        if (!warnings.isEmpty()) {
            stats.counter("server." + counter).inc();
        }
    }

    private void warn(List<Diagnostic> worth) {
        if (tells) {
            worth.forEach(warning -> LOG.warn("{}", warning.render()));
        }
        warnings.addAll(worth);
    }

    /** What the bootstrap was warned of when it was made. */
    public List<Diagnostic> warnings() {
        return List.copyOf(warnings);
    }

    /**
     * Reads, checks and compiles the whole bootstrap.
     *
     * @throws StartupException with everything that is wrong, one line each
     */
    public static Assembly of(ServerOptions options) throws StartupException {
        UserExtensions extensions = extensions(new TypeRegistry());
        List<Diagnostic> unknownFields = new ArrayList<>();
        LoadedConfig<Bootstrap> bootstrap =
                BootstrapReader.read(options, extensions.types(), unknownFields);
        Assembly assembly = new Assembly(options, extensions, bootstrap, true);
        assembly.tellUnknown("static_unknown_fields", unknownFields);
        return assembly;
    }

    /**
     * What another bootstrap would mean for this process. It shares the extensions and nothing
     * else: no log file is made, nothing is logged or counted here. Any thread.
     *
     * @throws StartupException as {@link #of}
     */
    public Assembly rehearse(LoadedConfig<Bootstrap> other) throws StartupException {
        return new Assembly(options, extensions, other, false);
    }

    /**
     * The built-in extensions and those of users' jars, whose messages become known here, for the
     * bootstrap may hold them.
     */
    private static UserExtensions extensions(TypeRegistry types) {
        String directory = System.getenv("ATTACHE_EXTENSIONS");
        return new UserExtensions(
                BuiltinExtension.all(),
                List.of(ServiceKind.FACTORY, new AuthorExtensions()),
                Assembly.class.getClassLoader(),
                directory == null || directory.isEmpty() ? null : Path.of(directory),
                types,
                new UserExtensions.Journal() {
                    @Override
                    public void loaded(String line) {
                        LOG.info(line);
                    }

                    @Override
                    public void refused(String line) {
                        LOG.error(line);
                    }
                });
    }

    private CompiledBootstrap compile() throws StartupException {
        if (options.logFormat() != null
                && bootstrap.message().getApplicationLogConfig().hasLogFormat()) {
            throw new StartupException(
                    "Only one of ApplicationLogConfig.log_format or CLI option --log-format can be"
                            + " specified.");
        }
        Map<String, Secret> secrets = new HashMap<>();
        for (Secret secret : bootstrap.message().getStaticResources().getSecretsList()) {
            secrets.put(secret.getName(), secret);
        }
        Compiled<CompiledBootstrap> result =
                BootstrapCompiler.compile(
                        bootstrap, settings(SecretSources.offline(secrets), RuntimeValues.EMPTY));
        if (result instanceof Compiled.Rejected<CompiledBootstrap> rejected) {
            throw new StartupException(BootstrapReader.text(rejected.errors()));
        }
        warn(result.warnings());
        return result.orThrow();
    }

    public Bootstrap bootstrap() {
        return bootstrap.message();
    }

    /** Where its fields stand in its file. */
    public SourceMap positions() {
        return bootstrap.positions();
    }

    /** The extensions of this process; after the start on the main loop. */
    public UserExtensions extensions() {
        return extensions;
    }

    /** Lets go of shared state that nobody refers to any more, and so of its classes. */
    public void tidy() {
        shared.forgetUnused();
    }

    public RuntimeValues runtime() {
        return compiled.runtime();
    }

    public TypeRegistry types() {
        return types;
    }

    public StatsStore stats() {
        return stats;
    }

    /** The statistics of the runtime, which does not change once it is read. */
    public void countRuntime() {
        stats.counter("runtime.load_success").inc();
        stats.gauge("runtime.num_keys").set(runtime().values().size());
        stats.gauge("runtime.num_layers").set(bootstrap().getLayeredRuntime().getLayersCount());
    }

    public LogFiles logFiles() {
        return logFiles;
    }

    public OverloadSpec overload() {
        return compiled.overload();
    }

    /** Of each direction of a connection to an internal listener. */
    public int internalBufferBytes() {
        InternalListenerSettings settings = compiled.extensions().internalListeners();
        return settings == null
                ? EngineOptions.DEFAULT_INTERNAL_BUFFER_BYTES
                : settings.bufferBytes();
    }

    /** What is asked of control planes beside Envoy's own resources. */
    public List<ProcessSubscription> subscriptions() {
        return compiled.extensions().subscriptions();
    }

    public WatchdogSettings watchdogs() {
        return compiled.watchdogs();
    }

    public StatsSettings statsSettings() {
        return compiled.stats();
    }

    /**
     * @param knownClusters whether there is a cluster of the name
     */
    public Compilers compilers(SecretSources secrets, Predicate<String> knownClusters) {
        CompileSettings forStatic =
                settings(secrets, compiled.runtime())
                        .withKnownClusters(knownClusters)
                        .withResolvers(compiled.resolvers())
                        .withInternalListeners(compiled.extensions().internalListeners() != null);
        return new ConfigCompilers(
                bootstrap,
                forStatic,
                forStatic.withUnheeded(unknownFields(dynamicPolicy(), "dynamic_unknown_fields")));
    }

    private CompileSettings settings(SecretSources secrets, RuntimeValues runtime) {
        return new CompileSettings(
                        extensions.registry(),
                        types,
                        new DeprecatedFeatures(
                                field -> runtime.flag("envoy.deprecated_features:" + field, false),
                                this::mentionsDeprecated),
                        unknownFields(
                                options.allowUnknownStaticFields()
                                        ? UnknownFieldPolicy.WARN
                                        : UnknownFieldPolicy.REJECT,
                                "static_unknown_fields"),
                        runtime,
                        secrets,
                        logFiles,
                        name -> true,
                        System.getenv(),
                        hasNode(),
                        bootstrap.message().getClusterManager().getLocalClusterName(),
                        shared,
                        this::node,
                        BootstrapCompiler.tracer(bootstrap.message()))
                .withCode(tells);
    }

    /** What configurations share beyond their own lives. */
    public SharedState shared() {
        return shared;
    }

    /** The node as others are told of it. */
    public synchronized Node node() {
        Node known = node;
        if (known == null) {
            known = NodeIdentity.of(bootstrap.message().getNode(), options, extensions.registry());
            node = known;
        }
        return known;
    }

    private UnheededFields unknownFields(UnknownFieldPolicy policy, String counter) {
        return new UnheededFields(policy, stats.counter("server." + counter)::inc, idle::add);
    }

    private boolean hasNode() {
        Node node = bootstrap.message().getNode();
        boolean id = !node.getId().isEmpty() || !options.serviceNode().isEmpty();
        return id && (!node.getCluster().isEmpty() || !options.serviceCluster().isEmpty());
    }

    /**
     * Checks what Envoy asks only of a server that runs.
     *
     * @throws StartupException if the bootstrap is good enough to be validated and not to be served
     */
    public void checkServable() throws StartupException {
        if (bootstrap.message().getDynamicResources().hasLdsConfig() && !hasNode()) {
            throw new StartupException(
                    CompileContext.nodeRequired(
                            "type.googleapis.com/envoy.config.listener.v3.Listener"));
        }
    }

    /** Control planes repeat themselves: a deprecated feature is worth one line, or none. */
    private boolean mentionsDeprecated(String feature) {
        return !options.skipDeprecatedLogs() && deprecated.add(feature);
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
    public ResponseFileReader responseReader() {
        return file -> {
            Compiled<LoadedConfig<DiscoveryResponse>> loaded = response(file);
            if (loaded instanceof Compiled.Rejected<LoadedConfig<DiscoveryResponse>> rejected) {
                throw new IOException(rejected.summary());
            }
            tellUnknown("dynamic_unknown_fields", loaded.warnings());
            return loaded.orThrow().message();
        };
    }

    /** Reads the file of a filesystem subscription; fields that are not known are warnings. */
    public Compiled<LoadedConfig<DiscoveryResponse>> response(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            Diagnostics diagnostics = new Diagnostics("discovery response");
            diagnostics.error(
                    "",
                    file + " is no regular file",
                    "a pipe or a device may have no end: name a file");
            return diagnostics.result(null);
        }
        return new ConfigLoader(types, dynamicPolicy())
                .load(file, DiscoveryResponse.getDefaultInstance(), "discovery response");
    }

    /** {@code admin}, or null where there is no address. */
    public @Nullable AdminSettings admin() {
        return compiled.admin();
    }

    /** Sets the log's line format if the bootstrap has one ({@code application_log_config}). */
    public void applyLogFormat() {
        LogFormat format = bootstrap.message().getApplicationLogConfig().getLogFormat();
        switch (format.getLogFormatCase()) {
            case TEXT_FORMAT ->
                    Logging.setFormat(
                            format.getTextFormat(), options.logFormatEscaped(), Version.ENVOY);
            case JSON_FORMAT -> {
                Map<String, String> properties = new HashMap<>();
                format.getJsonFormat()
                        .getFieldsMap()
                        .forEach((name, value) -> properties.put(name, value.getStringValue()));
                Logging.setJsonFormat(properties, Version.ENVOY);
            }
            case LOGFORMAT_NOT_SET -> {}
        }
    }

    /** Closes the log files. */
    @Override
    public void close() {
        logFiles.close();
    }
}
