package dev.attache.server;

import dev.attache.config.bootstrap.AdminSettings;
import dev.attache.proxy.accesslog.AccessLogScope;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.engine.Engine;
import dev.attache.proxy.explain.Explaining;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.explain.Question;
import dev.attache.proxy.listener.DrainControl;
import dev.attache.proxy.stats.HistogramBuckets;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.discovery.DnsCaches;
import dev.attache.server.admin.AdminPage;
import dev.attache.server.admin.AdminSubject;
import dev.attache.server.admin.stats.TagRules;
import dev.attache.server.assembly.Assembly;
import dev.attache.server.assembly.StartupException;
import dev.attache.server.explain.ExplainSwitches;
import dev.attache.server.extension.ExtensionReload;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.lifecycle.Deferred;
import dev.attache.server.lifecycle.Lifecycle;
import dev.attache.server.lifecycle.ListenerDraining;
import dev.attache.server.lifecycle.ProcessExit;
import dev.attache.server.lifecycle.ServerState;
import dev.attache.server.lifecycle.ServerStats;
import dev.attache.server.lifecycle.Signals;
import dev.attache.server.lifecycle.StatsFlushing;
import dev.attache.server.log.Critical;
import dev.attache.server.plane.ConfigPlane;
import dev.attache.server.restart.HotRestart;
import dev.attache.server.review.dryrun.DryRuns;
import dev.attache.server.source.NettyMainLoop;
import dev.attache.server.supervision.Supervisor;
import dev.attache.server.watchdog.Watchdog;
import dev.attache.xds.stream.LocalServices;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running proxy in this process. {@link #start} returns once the configuration is accepted; the
 * proxy is {@link ServerState#LIVE} when everything it waits for has come ({@link #awaitLive}).
 * Several can run beside each other. Any thread, but not a worker's.
 *
 * <p>Longer than files here should be: what others see of a server, and the order in which its
 * parts are made and close.
 */
public final class AttacheServer implements AdminSubject, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    private final ServerOptions options;
    private final Assembly assembly;
    private final Deferred deferred;
    private final Lifecycle lifecycle;
    private final ServerEnd end;
    private final ServerLoops loops;
    private final ServedEngine served;
    private final ServedPlane config;
    private final ServerStats serverStats;
    private volatile @Nullable StatsFlushing statsFlushing;
    private final ListenerDraining draining;
    private final Watchdog watchdog;

    private final Supervisor supervisor;
    private final ServedRestart row;

    private final AdminPort admin = new AdminPort();
    private final DryRuns dryRuns;

    private AttacheServer(
            ServerOptions options,
            Assembly assembly,
            LocalServices local,
            HotRestart row,
            ProcessExit.@Nullable Ending ending) {
        this.options = options;
        this.assembly = assembly;
        this.deferred = new Deferred(this::later);
        DrainControl drain = drainControl(options, deferred);
        StatsStore stats = assembly.stats();
        this.lifecycle = new Lifecycle(stats, drain);
        this.end = new ServerEnd(lifecycle, drain, this::engine, this::close, ending);
        this.loops = new ServerLoops(end::lost);
        EventLoop main = loops.main().eventLoop();
        assembly.shared()
                .provide(
                        DnsCaches.Surroundings.class,
                        new DnsCaches.Surroundings(main, loops.names(), stats, System::nanoTime));
        this.served = new ServedEngine(assembly, options, loops, end, drain);
        this.config = new ServedPlane(assembly, options, local, loops, served);
        this.dryRuns = new DryRuns(assembly, config.plane());
        Engine engine = served.engine();
        this.serverStats = new ServerStats(stats, options, lifecycle, engine);
        this.draining = new ListenerDraining(engine, main, drain, stats);
        this.watchdog =
                new Watchdog(
                        assembly.watchdogs(),
                        loops.mainPulse(),
                        engine.pulses(),
                        stats,
                        end.ending());
        lifecycle.workersTurn(watchdog::workersTurn);
        this.supervisor = ending == null ? Supervisor.none() : Supervisor.ofProcess();
        this.row =
                new ServedRestart(
                        row,
                        options,
                        served,
                        stats,
                        lifecycle,
                        main,
                        admin,
                        draining,
                        () -> statsFlushing,
                        supervisor,
                        Signals::terminate);
        assembly.countRuntime();
    }

    private static DrainControl drainControl(ServerOptions options, Deferred deferred) {
        return new DrainControl(
                options.drainTime().toMillis(),
                options.drainImmediately()
                        ? DrainControl.Strategy.IMMEDIATE
                        : DrainControl.Strategy.GRADUAL,
                deferred);
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
        return start(options, local, HotRestart.none(), ending);
    }

    /**
     * Starts the proxy of a process that is one of a row of them.
     *
     * @param row this process's place in it, closed with the server
     * @throws StartupException as above
     */
    static AttacheServer start(
            ServerOptions options,
            LocalServices local,
            HotRestart row,
            ProcessExit.@Nullable Ending ending)
            throws StartupException {
        Assembly assembly = Assembly.of(options);
        assembly.applyLogFormat();
        AttacheServer server = new AttacheServer(options, assembly, local, row, ending);
        try {
            server.begin();
            return server;
        } catch (StartupException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void later(long millis, Runnable action) {
        loops.main().schedule(Duration.ofMillis(millis), action);
    }

    private void explainAsAsked() throws StartupException {
        try {
            ExplainSwitches.set(options.explain(), engine().explaining());
        } catch (IOException e) {
            throw new StartupException(String.valueOf(e.getMessage()), e);
        }
    }

    private void begin() throws StartupException {
        assembly.checkServable();
        row.begin();
        explainAsAsked();
        Bootstrap bootstrap = assembly.bootstrap();
        List<String> errors = onMain(() -> config.plane().load(bootstrap));
        if (!errors.isEmpty()) {
            throw new StartupException(String.join("\n", errors));
        }
        startStats();
        AdminSettings settings = assembly.admin();
        List<Integer> inherited = row.adminSockets(settings == null ? null : settings.address());
        if (settings != null || !options.admin().metricsAddress().isEmpty()) {
            admin.start(this, settings, assembly.types(), inherited, end::lost);
        }
        row.open();
        onMain(() -> {
            served.startWatches();
            config.extensions().start();
            config.plane().start(bootstrap, assembly.subscriptions(), new Progress());
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
            row.live(serverStats);
            lifecycle.live();
            serverStats.initialized();
            LOG.info("all clusters and listeners are ready, the server is live");
            supervisor.ready();
            supervisor.watch(loops.main().eventLoop(), watchdog::workersTurn);
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

    /** The metrics port as bound, or null where no flag asks for one. */
    public @Nullable Address metricsAddress() {
        return admin.metricsAddress();
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
        return config.extensions();
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
                            engine(),
                            () -> TagRules.of(bootstrap().getStatsConfig(), options));
            statsFlushing = flushing;
            flushing.start(loops.main().eventLoop());
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
            return loops.main().eventLoop().submit(task).get();
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
        end.awaitClosed();
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
        return engine().boundAddresses();
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
        return assembly.node();
    }

    @Override
    public StatsStore stats() {
        return assembly.stats();
    }

    @Override
    public ServerStats serverStats() {
        return serverStats;
    }

    @Override
    public AccessLogScope logScope() {
        return engine().logScope();
    }

    @Override
    public CompletableFuture<Explanation> explain(Question question) {
        return engine().explain(question);
    }

    @Override
    public DryRuns dryRuns() {
        return dryRuns;
    }

    @Override
    public Explaining explaining() {
        return engine().explaining();
    }

    public Engine engine() {
        return served.engine();
    }

    @Override
    public ConfigPlane plane() {
        return config.plane();
    }

    @Override
    public NettyMainLoop mainLoop() {
        return loops.main();
    }

    /** What systemd is told of the process. */
    Supervisor supervisor() {
        return supervisor;
    }

    /** Whether another process serves in place of this one. */
    boolean replaced() {
        return row.replaced();
    }

    /**
     * The process that had taken over is gone, and nobody but this one, its parent, has seen it:
     * whoever supervises sees this one end, with the same outcome, and starts anew. Any thread.
     *
     * @param code of that process's end
     */
    void successorEnded(int code) {
        if (lifecycle().ending()) {
            return; // The one after it serves by now, and this process only drains.
        }
        supervisor.takesBack(ProcessHandle.current().pid());
        if (code != ProcessExit.DONE && code != ProcessExit.TERMINATED) {
            lifecycle().failed("the process that took over has ended with code " + code);
        }
        shutdown(code);
    }

    /** SIGUSR1 and {@code /reopen_logs}. */
    @Override
    public void reopenLogs() {
        assembly.logFiles().reopen();
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
        end.begin(code, Duration.ZERO);
    }

    /** As above, once what runs has ended or {@code --shutdown-drain-s} is over: for signals. */
    void drainAndShutdown(int code) {
        end.begin(code, options.shutdownDrain());
    }

    /** Stops serving at once: sockets and connections close, threads end. */
    @Override
    public void close() {
        if (!end.closing()) {
            return;
        }
        LOG.info("shutting down server instance");
        supervisor.stopping();
        watchdog.close();
        ServerEnd.step("hot restart", row::close);
        ServerEnd.step("admin", admin::close);
        served.closeWatches();
        StatsFlushing flushing = statsFlushing;
        if (flushing != null) {
            ServerEnd.step("stats sinks", flushing::close);
        }
        ServerEnd.step("what has left", deferred::close);
        ServerEnd.step("engine", engine()::close);
        ServerEnd.step("config plane", config::close);
        ServerEnd.step("file watches", loops.files()::close);
        ServerEnd.step("control planes", loops.grpc()::close);
        ServerEnd.step("main loop", loops::closeMain);
        ServerEnd.step("access logs", assembly.logFiles()::close);
        LOG.info("exiting");
        end.closed();
    }
}
