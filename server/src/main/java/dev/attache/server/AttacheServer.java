package dev.attache.server;

import dev.attache.config.bootstrap.AdminSettings;
import dev.attache.proxy.accesslog.AccessLogScope;
import dev.attache.proxy.accesslog.LogFiles;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.engine.Engine;
import dev.attache.proxy.engine.EngineOptions;
import dev.attache.proxy.listener.DrainControl;
import dev.attache.proxy.memory.MemoryBudget;
import dev.attache.proxy.stats.HistogramBuckets;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.ClusterEnvironment;
import dev.attache.proxy.upstream.ImpliedClusters;
import dev.attache.proxy.upstream.discovery.DnsCaches;
import dev.attache.proxy.upstream.discovery.NameResolver;
import dev.attache.proxy.upstream.discovery.NettyNameResolver;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.worker.LoopGroup;
import dev.attache.server.admin.AdminPage;
import dev.attache.server.admin.AdminSubject;
import dev.attache.server.admin.stats.TagRules;
import dev.attache.server.assembly.Assembly;
import dev.attache.server.assembly.StartupException;
import dev.attache.server.extension.ExtensionReload;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.guard.TrafficGuard;
import dev.attache.server.lifecycle.Deferred;
import dev.attache.server.lifecycle.Lifecycle;
import dev.attache.server.lifecycle.ListenerDraining;
import dev.attache.server.lifecycle.ProcessExit;
import dev.attache.server.lifecycle.ServerState;
import dev.attache.server.lifecycle.ServerStats;
import dev.attache.server.lifecycle.Shutdown;
import dev.attache.server.lifecycle.StatsFlushing;
import dev.attache.server.log.Critical;
import dev.attache.server.memory.MemoryReturn;
import dev.attache.server.memory.PeerBudget;
import dev.attache.server.overload.ConnectionLimits;
import dev.attache.server.overload.OverloadWatch;
import dev.attache.server.plane.ConfigPlane;
import dev.attache.server.source.NettyMainLoop;
import dev.attache.server.watchdog.Watchdog;
import dev.attache.xds.file.FileWatcher;
import dev.attache.xds.stream.GrpcThreads;
import dev.attache.xds.stream.LocalServices;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running proxy in this process. {@link #start} returns once the configuration is accepted; the
 * proxy is {@link ServerState#LIVE} when everything it waits for has come ({@link #awaitLive}).
 * Several can run beside each other. Any thread, but not a worker's.
 *
 * <p>Longer than files here should be: the one place that knows every part, in which order they are
 * made, and in which they close.
 */
public final class AttacheServer implements AdminSubject, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    /** What the config plane may take to close. */
    private static final long PLANE_LIMIT_SECONDS = 3;

    private final ServerOptions options;
    private final LocalServices local;
    private final ProcessExit.Ending ending;
    private final Assembly assembly;
    private final Node node;
    private final StatsStore stats;
    private final LogFiles logFiles;
    private final Deferred deferred;
    private final DrainControl drain;
    private final TrafficGuard guard;
    private final Lifecycle lifecycle;
    private final Shutdown shutdown;
    private final ServerStats serverStats;
    private volatile @Nullable StatsFlushing statsFlushing;
    private final ListenerDraining draining;
    private final LoopGroup mainGroup;
    private final NettyMainLoop main;
    private final FileWatcher files;
    private final GrpcThreads grpcThreads;
    private final NameResolver names;
    private final ImpliedClusters implied;
    private final Engine engine;
    private final PeerBudget peerBudget;
    private final MemoryReturn memoryReturn;
    private final OverloadWatch overload;
    private final ConfigPlane plane;
    private final ExtensionReload extensions;
    private final Watchdog watchdog;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AdminPort admin = new AdminPort();
    private final EngineTarget workers;

    private AttacheServer(
            ServerOptions options,
            Assembly assembly,
            LocalServices local,
            ProcessExit.@Nullable Ending ending) {
        this.options = options;
        this.local = local;
        this.ending = ending == null ? this::endEmbedded : ending;
        this.assembly = assembly;
        this.node = assembly.node();
        this.logFiles = assembly.logFiles();
        this.stats = assembly.stats();
        this.deferred = new Deferred(this::later);
        this.drain =
                new DrainControl(
                        options.drainTime().toMillis(),
                        options.drainImmediately()
                                ? DrainControl.Strategy.IMMEDIATE
                                : DrainControl.Strategy.GRADUAL,
                        deferred);
        this.lifecycle = new Lifecycle(stats, drain);
        this.shutdown = new Shutdown(this::engine, this::close, lifecycle, drain, this.ending);
        this.guard = new TrafficGuard(assembly.runtime(), stats);
        ConnectionLimits limits =
                new ConnectionLimits(
                        assembly.runtime(), assembly.overload().maxDownstreamConnections());
        this.mainGroup = LoopGroup.of("main-loop", 1, true, this::lost);
        this.main = new NettyMainLoop(mainGroup.next());
        this.files = new FileWatcher(main);
        this.grpcThreads = new GrpcThreads(LoopGroup.of("xds-grpc", 1, true, this::lost));
        this.names = new NettyNameResolver(main.eventLoop());
        assembly.shared()
                .provide(
                        DnsCaches.Surroundings.class,
                        new DnsCaches.Surroundings(
                                main.eventLoop(), names, stats, System::nanoTime));
        this.implied =
                new ImpliedClusters(main.eventLoop(), options.concurrency(), names, locality());
        MemoryBudget memory = PeerBudget.initial(options.concurrency());
        this.engine =
                new Engine(
                        new EngineOptions(
                                options.concurrency(),
                                stats,
                                node.getId(),
                                node.getCluster(),
                                node.getLocality().getZone(),
                                drain,
                                limits,
                                guard,
                                memory,
                                assembly.internalBufferBytes(),
                                main::execute,
                                implied),
                        this::lost);
        this.peerBudget =
                PeerBudget.follow(memory, options.concurrency(), engine::heapHeldForPeers);
        this.memoryReturn = MemoryReturn.of(engine, main);
        this.overload =
                new OverloadWatch(
                        assembly.overload(),
                        limits::pressure,
                        stats,
                        main,
                        engine::publishOverload);
        this.workers =
                new EngineTarget(
                        engine,
                        guard,
                        assembly.bootstrap().getClusterManager().getLocalClusterName(),
                        closing::get);
        this.plane = new ConfigPlane(planeSetup());
        this.extensions =
                new ExtensionReload(
                        assembly.extensions(),
                        plane,
                        main,
                        plane.compiling(),
                        options.drainTime(),
                        assembly::tidy);
        this.serverStats = new ServerStats(stats, options, lifecycle, engine);
        this.draining = new ListenerDraining(engine, main.eventLoop(), drain, stats);
        this.watchdog =
                new Watchdog(
                        assembly.watchdogs(),
                        mainGroup.pulses().getFirst(),
                        engine.pulses(),
                        stats,
                        this.ending);
        lifecycle.workersTurn(watchdog::workersTurn);
        assembly.countRuntime();
    }

    /**
     * Starts a proxy.
     *
     * @throws StartupException if the configuration cannot be served; nothing is left running
     */
    public static AttacheServer start(ServerOptions options) throws StartupException {
        return start(options, null);
    }

    /**
     * Starts the proxy of a process.
     *
     * @param ending ends the process where the server cannot go on or cannot close; null: the
     *     server is one among others in a JVM, and closes as well as it can
     * @throws StartupException as above
     */
    public static AttacheServer start(ServerOptions options, ProcessExit.@Nullable Ending ending)
            throws StartupException {
        return start(options, LocalServices.NONE, ending);
    }

    /**
     * Starts the proxy of a process that serves it, too.
     *
     * @param local services of this process, which the bootstrap names by paths of sockets
     * @param ending as above
     * @throws StartupException as above
     */
    public static AttacheServer start(
            ServerOptions options, LocalServices local, ProcessExit.@Nullable Ending ending)
            throws StartupException {
        Assembly assembly = Assembly.of(options);
        assembly.applyLogFormat();
        AttacheServer server = new AttacheServer(options, assembly, local, ending);
        try {
            server.begin();
            return server;
        } catch (StartupException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void later(long millis, Runnable action) {
        main.schedule(Duration.ofMillis(millis), action);
    }

    private Locality locality() {
        var own = node.getLocality();
        return new Locality(own.getRegion(), own.getZone(), own.getSubZone());
    }

    private ConfigPlane.Setup planeSetup() {
        ClusterEnvironment environment =
                new ClusterEnvironment(
                        main.eventLoop(),
                        options.concurrency(),
                        stats,
                        names,
                        locality(),
                        workers::localHosts,
                        workers::hosts);
        return new ConfigPlane.Setup(
                main,
                stats,
                workers,
                environment,
                secrets -> assembly.compilers(secrets, name -> plane.clusters().exists(name)),
                () -> node,
                files,
                assembly.responseReader(),
                grpcThreads,
                local,
                new Random(),
                options.drainTime(),
                engine.calls());
    }

    private void begin() throws StartupException {
        assembly.checkServable();
        Bootstrap bootstrap = assembly.bootstrap();
        List<String> errors = onMain(() -> plane.load(bootstrap));
        if (!errors.isEmpty()) {
            throw new StartupException(String.join("\n", errors));
        }
        startStats();
        AdminSettings settings = assembly.admin();
        if (settings != null) {
            admin.start(this, settings, assembly.types(), this::lost);
        }
        onMain(() -> {
            overload.start();
            extensions.start();
            memoryReturn.start();
            plane.start(bootstrap, assembly.subscriptions(), new Progress());
            return true;
        });
    }

    /** What the plane's start comes to. */
    private final class Progress implements ConfigPlane.Progress {
        @Override
        public void onClustersReady() {
            lifecycle.initializing();
            watchdog.start();
        }

        @Override
        public void onLive() {
            lifecycle.live();
            serverStats.initialized();
            LOG.info("all clusters and listeners are ready, the server is live");
        }

        @Override
        public void onFailed(String reason) {
            LOG.error(
                    Critical.MARKER,
                    "error initializing configuration '{}': {}",
                    options.configPath(),
                    reason);
            lifecycle.failed(reason);
            shutdown(ProcessExit.REFUSED);
        }
    }

    /** The admin interface as bound, or null where the bootstrap has none. */
    public @Nullable Address adminAddress() {
        return admin.address();
    }

    /**
     * A page of the admin interface without a connection to it, for an agent in this process. Not
     * on the main loop, which answers.
     *
     * @throws IOException when it does not answer in time, or there is no admin interface
     */
    public AdminPage ask(String method, String target, Duration limit) throws IOException {
        return admin.ask(method, target, limit);
    }

    @Override
    public ExtensionReload extensions() {
        return extensions;
    }

    @Override
    public void drainListeners(boolean inboundOnly, boolean graceful, boolean skipExit) {
        draining.begin(inboundOnly, graceful, skipExit);
    }

    @Override
    public HistogramBuckets histogramBuckets() {
        return assembly.statsSettings().histogramBuckets();
    }

    private void startStats() throws StartupException {
        try {
            StatsFlushing flushing =
                    StatsFlushing.of(
                            assembly.statsSettings(),
                            serverStats,
                            engine,
                            () -> TagRules.of(bootstrap().getStatsConfig(), options));
            statsFlushing = flushing;
            flushing.start(main.eventLoop());
        } catch (IOException e) {
            throw new StartupException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void flushStatsOnAdmin() {
        StatsFlushing flushing = statsFlushing;
        if (flushing != null) {
            flushing.onAdmin();
        }
    }

    private <T> T onMain(Callable<T> task) throws StartupException {
        try {
            return main.eventLoop().submit(task).get();
        } catch (ExecutionException e) {
            LOG.error("starting failed", e);
            throw new StartupException(String.valueOf(e.getCause()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted while starting", e);
        }
    }

    /** Waits until the proxy is live; false if it failed to become so or the time is up. */
    public boolean awaitLive(Duration limit) throws InterruptedException {
        return lifecycle.awaitLive(limit);
    }

    /** Waits until {@link #close} has been called and everything has ended. */
    public void awaitClosed() throws InterruptedException {
        shutdown.awaitClosed();
    }

    @Override
    public Lifecycle lifecycle() {
        return lifecycle;
    }

    public ServerState state() {
        return lifecycle.state();
    }

    @Override
    public Map<String, List<Address>> listenerAddresses() {
        return engine.boundAddresses();
    }

    @Override
    public ServerOptions options() {
        return options;
    }

    @Override
    public Bootstrap bootstrap() {
        return assembly.bootstrap();
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public StatsStore stats() {
        return stats;
    }

    @Override
    public ServerStats serverStats() {
        return serverStats;
    }

    @Override
    public AccessLogScope logScope() {
        return engine.logScope();
    }

    public Engine engine() {
        return engine;
    }

    @Override
    public ConfigPlane plane() {
        return plane;
    }

    @Override
    public NettyMainLoop mainLoop() {
        return main;
    }

    /** SIGUSR1 and {@code /reopen_logs}. */
    @Override
    public void reopenLogs() {
        logFiles.reopen();
    }

    /** A thread has ended that the process cannot do without: serving on would be a lie. */
    private void lost(Thread thread, @Nullable Throwable why) {
        if (closing.get()) {
            return;
        }
        String reason = "thread '%s' has ended: %s".formatted(thread.getName(), why);
        try {
            LOG.error(
                    Critical.MARKER,
                    "{}; nobody does its work any more, so the process ends (code {}). Start it"
                            + " again, and report this with the lines before it",
                    reason,
                    ProcessExit.LOST_THREAD,
                    why);
            lifecycle.failed(reason);
        } finally {
            ending.end(ProcessExit.LOST_THREAD);
        }
    }

    private void endEmbedded(int code) {
        LOG.error("this server ends; its process goes on (code {} otherwise)", code);
        Thread.ofPlatform().daemon().name("shutdown").start(this::close);
    }

    /**
     * Closes on a thread of its own, and ends the process without that where it takes too long: a
     * worker that is blocked or a publication that waits for one does not keep the process. Any
     * thread, returns at once.
     *
     * @param code of the exit that is not orderly
     */
    @Override
    public void shutdown(int code) {
        shutdown.begin(code, Duration.ZERO);
    }

    /** As above, once what runs has ended or {@code --shutdown-drain-s} is over: for signals. */
    void drainAndShutdown(int code) {
        shutdown.begin(code, options.shutdownDrain());
    }

    /** Stops serving at once: sockets and connections close, threads end. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        LOG.info("shutting down server instance");
        watchdog.close();
        step("admin", admin::close);
        step("memory budget", peerBudget::close);
        step("memory return", () -> main.execute(memoryReturn::close));
        step("overload manager", () -> main.execute(overload::close));
        StatsFlushing flushing = statsFlushing;
        if (flushing != null) {
            step("stats sinks", flushing::close);
        }
        step("what has left", deferred::close);
        step("engine", engine::close);
        step("config plane", this::closePlane);
        step("file watches", files::close);
        step("control planes", grpcThreads::close);
        step(
                "main loop",
                () ->
                        mainGroup
                                .shutdownGracefully(0, 2, TimeUnit.SECONDS)
                                .awaitUninterruptibly(3, TimeUnit.SECONDS));
        step("access logs", logFiles::close);
        LOG.info("exiting");
        shutdown.closed();
    }

    /** One part that cannot be closed does not keep the others from it. */
    private static void step(String part, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("closing: {} did not close cleanly", part, e);
        }
    }

    private void closePlane() {
        try {
            main.eventLoop()
                    .submit(() -> {
                        extensions.close();
                        plane.close();
                    })
                    .get(PLANE_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            LOG.warn("the config plane did not close cleanly", e);
        }
    }
}
