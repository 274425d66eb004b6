package dev.attache.server.plane;

import dev.attache.config.bootstrap.ProcessSubscription;
import dev.attache.config.extension.SecretSources;
import dev.attache.proxy.call.CallGate;
import dev.attache.proxy.engine.ProxySnapshot;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.ClusterEnvironment;
import dev.attache.server.extension.ExtensionUsers;
import dev.attache.server.plane.compile.AskedNames;
import dev.attache.server.plane.compile.CompileThread;
import dev.attache.server.plane.compile.Compilers;
import dev.attache.server.plane.history.XdsHistory;
import dev.attache.server.plane.version.LoopPreparations;
import dev.attache.server.plane.version.PlaneContext;
import dev.attache.server.plane.version.Publisher;
import dev.attache.server.plane.version.Recompilation;
import dev.attache.server.source.ControlPlanes;
import dev.attache.server.source.NettyMainLoop;
import dev.attache.xds.ResourceType;
import dev.attache.xds.client.XdsClient;
import dev.attache.xds.file.FileWatcher;
import dev.attache.xds.file.ResponseFileReader;
import dev.attache.xds.stream.GrpcThreads;
import dev.attache.xds.stream.LocalServices;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The config plane of one proxy: its stores and its xDS client, and what one needs of the other.
 * Main loop only.
 */
public final class ConfigPlane implements ExtensionUsers {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    private final NettyMainLoop loop;
    private final StatsStore stats;
    private final XdsHistory history;
    private final Publisher publisher;
    private final CompileThread compileThread;
    private final SecretStore secrets;
    private final EndpointStore endpoints;
    private final RouteStore routes;
    private final ExtensionStore extensions;
    private final ClusterStore clusters;
    private final ListenerStore listeners;
    private final XdsClient xds;
    private @Nullable PlaneStart start;

    /**
     * What a plane is made with.
     *
     * @param engine puts snapshots to work
     * @param environment clusters are opened in it; its publisher takes host sets to the workers
     * @param compilers made with the secrets that compilations refer to, on any thread
     * @param node this proxy, as control planes shall see it
     * @param reader reads resource files
     * @param random jitter of reconnects
     * @param drainTime {@code --drain-time-s}
     * @param calls to clusters, made by a worker
     */
    public record Setup(
            NettyMainLoop loop,
            StatsStore stats,
            Publisher.Target engine,
            ClusterEnvironment environment,
            Function<SecretSources, Compilers> compilers,
            Supplier<Node> node,
            FileWatcher files,
            ResponseFileReader reader,
            GrpcThreads threads,
            LocalServices local,
            Random random,
            Duration drainTime,
            CallGate calls) {}

    /** Hears how the start goes. */
    public interface Progress {
        /** All clusters are there or given up; listeners and what they need are next. */
        void onClustersReady();

        /** Everything that had to be waited for is there; listeners accept. */
        void onLive();

        /** The configuration cannot be served at all. */
        void onFailed(String reason);
    }

    public ConfigPlane(Setup setup) {
        this.loop = setup.loop();
        this.stats = setup.stats();
        this.history = new XdsHistory(loop::now);
        // The stores subscribe through the client, which reaches control planes through the stores.
        XdsClient[] client = new XdsClient[1];
        this.publisher =
                new Publisher(
                        loop,
                        setup.engine(),
                        () ->
                                client[0].pause(List.of(ResourceType.ENDPOINT, ResourceType.SECRET))
                                        ::close);
        Subscriber subscriber =
                (source, type, names, watcher, counts) ->
                        client[0].subscribe(source, type, names, history.noting(watcher), counts);
        this.compileThread = new CompileThread(loop);
        PlaneContext context =
                new PlaneContext(
                        loop,
                        stats,
                        compileThread,
                        types -> client[0].pause(types),
                        publisher,
                        setup.drainTime(),
                        history,
                        new LoopPreparations(loop, setup.calls()));
        this.secrets = new SecretStore(loop, subscriber, stats, setup.files());
        Compilers compilers = setup.compilers().apply(new AskedSecrets(compileThread, secrets));
        this.endpoints =
                new EndpointStore(
                        loop,
                        subscriber,
                        compileThread,
                        (each, bytes) -> compilers.endpoints(each, compilers.check(each, bytes)));
        this.routes =
                new RouteStore(
                        loop,
                        subscriber,
                        stats,
                        compileThread,
                        (each, bytes) ->
                                compilers.routes(
                                        each, compilers.check(each, bytes), knownClusters()),
                        publisher::request);
        this.extensions =
                new ExtensionStore(
                        context,
                        subscriber,
                        routes::use,
                        (kind, config) -> compilers.extension(kind, config, knownClusters()));
        this.clusters =
                new ClusterStore(context, setup.environment(), compilers, endpoints, extensions);
        this.listeners =
                new ListenerStore(context, compilers, this::knownClusters, routes, extensions);
        this.xds =
                new XdsClient(
                        loop,
                        setup.node(),
                        new ControlPlanes(
                                loop,
                                setup.threads(),
                                setup.local(),
                                clusters::any,
                                setup.environment().workers(),
                                compilers::service,
                                stats),
                        setup.files(),
                        setup.reader(),
                        setup.random(),
                        history);
        client[0] = xds;
        publisher.connect(
                () -> listeners.active().values(), this::snapshot, listeners::onPublished);
    }

    /**
     * Takes the static resources over; returns what is refused, which is nothing in a good
     * bootstrap.
     */
    public List<String> load(Bootstrap bootstrap) {
        List<String> errors = new ArrayList<>();
        LOG.info("loading {} static secret(s)", bootstrap.getStaticResources().getSecretsCount());
        bootstrap.getStaticResources().getSecretsList().forEach(secrets::add);
        LOG.info("loading {} cluster(s)", bootstrap.getStaticResources().getClustersCount());
        bootstrap
                .getStaticResources()
                .getClustersList()
                .forEach(cluster -> note(clusters.addStatic(cluster), errors));
        LOG.info("loading {} listener(s)", bootstrap.getStaticResources().getListenersCount());
        bootstrap
                .getStaticResources()
                .getListenersList()
                .forEach(listener -> note(listeners.addStatic(listener), errors));
        return errors;
    }

    private static void note(@Nullable String problem, List<String> errors) {
        if (problem != null) {
            errors.add(problem);
        }
    }

    /**
     * Brings everything up in order.
     *
     * @param subscriptions of the bootstrap's extensions
     */
    public void start(
            Bootstrap bootstrap, List<ProcessSubscription> subscriptions, Progress progress) {
        PlaneStart order =
                new PlaneStart(
                        bootstrap,
                        subscriptions,
                        progress,
                        stats,
                        xds,
                        publisher,
                        secrets,
                        clusters,
                        listeners);
        start = order;
        order.begin();
    }

    /** For one compilation, on the thread where it runs. */
    private Predicate<String> knownClusters() {
        return loop.inLoop() ? clusters::exists : new AskedNames(compileThread, clusters::names);
    }

    private ProxySnapshot snapshot(long version) {
        return new ProxySnapshot(version, listeners.active(), routes.tables(), clusters.active());
    }

    @Override
    public List<Recompilation> of(long generation) {
        List<Recompilation> users = new ArrayList<>(clusters.usersOf(generation));
        users.addAll(routes.usersOf(generation));
        users.addAll(listeners.usersOf(generation));
        return users;
    }

    @Override
    public List<Recompilation> sharedOf(long generation) {
        return routes.usersOf(generation);
    }

    /** Where what takes long is compiled, one after the other. */
    public Executor compiling() {
        return compileThread;
    }

    public ClusterStore clusters() {
        return clusters;
    }

    public ListenerStore listeners() {
        return listeners;
    }

    public ExtensionStore extensions() {
        return extensions;
    }

    public RouteStore routes() {
        return routes;
    }

    public EndpointStore endpoints() {
        return endpoints;
    }

    public SecretStore secrets() {
        return secrets;
    }

    /** What control planes sent, and what it changed. */
    public XdsHistory history() {
        return history;
    }

    /** What is not ready yet, by who waits for it: {@code /init_dump}. */
    public Map<String, List<String>> unready() {
        Map<String, List<String>> unready = new LinkedHashMap<>();
        PlaneStart order = start;
        if (order != null) {
            unready.putAll(order.unready());
        }
        clusters.warming().forEach((name, missing) -> unready.put("Cluster " + name, missing));
        listeners
                .warming()
                .forEach((name, missing) -> unready.put("Listener-init-target " + name, missing));
        return unready;
    }

    /** Ends all subscriptions and closes all clusters; the engine is closed before. */
    public void close() {
        publisher.close();
        xds.close();
        listeners.close();
        clusters.close();
        compileThread.close();
    }
}
