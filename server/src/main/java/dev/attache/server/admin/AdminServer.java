package dev.attache.server.admin;

import dev.attache.config.bootstrap.AdminSettings;
import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.listener.AcceptFaults;
import dev.attache.proxy.worker.LoopGroup;
import dev.attache.proxy.worker.LostThread;
import dev.attache.server.admin.access.AdminAccess;
import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.admin.stats.StatsPages;
import dev.attache.server.admin.stats.TagRules;
import dev.attache.server.flags.ServerOptions;
import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin listener: an HTTP/1 server of its own, on one thread, so that it answers whatever the
 * workers do. Made once the bootstrap is read, closed with the server. Any thread.
 */
public final class AdminServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("admin");

    private final LoopGroup group;
    private final Opening opening;
    private volatile @Nullable Channel channel;
    private final @Nullable Channel metrics;
    private final AdminEndpoints endpoints;
    private final Executor main;

    /** Binds the admin port; null where there is none. */
    @FunctionalInterface
    private interface Opening {
        @Nullable Channel open(List<Integer> inherited) throws IOException;
    }

    private AdminServer(
            LoopGroup group,
            Opening opening,
            @Nullable Channel channel,
            @Nullable Channel metrics,
            AdminEndpoints endpoints,
            Executor main) {
        this.group = group;
        this.opening = opening;
        this.channel = channel;
        this.metrics = metrics;
        this.endpoints = endpoints;
        this.main = main;
    }

    /**
     * Binds and serves.
     *
     * @param settings the bootstrap's, or null where it has no admin interface and the flags ask
     *     for the metrics port alone
     * @param inherited descriptors of the process before this one; empty: the address is bound
     * @param lost told when its thread ends by itself
     * @throws IOException when an address cannot be bound, which the message names, a socket option
     *     cannot be set, or a file that a flag names cannot be used
     */
    public static AdminServer start(
            AdminSubject server,
            @Nullable AdminSettings settings,
            TypeRegistry types,
            List<Integer> inherited,
            LostThread lost)
            throws IOException {
        AdminAccess access = AdminAccess.of(server.options().admin());
        AcceptFaults.prepare();
        LoopGroup group = LoopGroup.of("admin", 1, true, lost);
        boolean serves = false;
        try {
            AdminServer started = open(server, settings, types, inherited, access, group);
            serves = true;
            return started;
        } finally {
            if (!serves) {
                group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            }
        }
    }

    private static AdminServer open(
            AdminSubject server,
            @Nullable AdminSettings settings,
            TypeRegistry types,
            List<Integer> inherited,
            AdminAccess access,
            LoopGroup group)
            throws IOException {
        AdminEndpoints endpoints =
                new AdminEndpoints(
                        server,
                        types,
                        new StatsPages(
                                server.stats(),
                                TagRules.of(server.bootstrap().getStatsConfig(), server.options()),
                                server.histogramBuckets(),
                                () -> server.plane().clusters().serving()));
        AdminStats stats = new AdminStats(server.stats());
        Executor main = server.mainLoop().eventLoop();
        Opening opening = none -> null;
        if (settings != null) {
            List<AccessLog> logs = AdminLogs.open(settings.accessLogs(), server.logScope());
            AdminGate gate = AdminGate.of(access, endpoints::isMutating, settings.allowedPaths());
            AdminListener listener =
                    new AdminListener(
                            stats,
                            access::encryption,
                            (accepted, encoder) ->
                                    new AdminHandler(encoder, endpoints, main, gate, logs, stats));
            opening =
                    descriptors ->
                            listener.open(
                                    group,
                                    settings.address(),
                                    settings.socketOptions(),
                                    descriptors);
        }
        Channel channel = opening.open(inherited);
        Channel metrics =
                server.options().admin().metricsAddress().isEmpty()
                        ? null
                        : metrics(server.options(), endpoints, main, stats, group);
        return new AdminServer(group, opening, channel, metrics, endpoints, main);
    }

    private static Channel metrics(
            ServerOptions options,
            AdminEndpoints endpoints,
            Executor main,
            AdminStats stats,
            LoopGroup group)
            throws IOException {
        String text = options.admin().metricsAddress();
        IpAddress address = IpAddress.parseWithPort(text);
        if (address == null) {
            throw new IOException("--metrics-address '" + text + "' is no IP:PORT");
        }
        AdminGate gate = AdminGate.ofMetrics();
        AdminListener listener =
                new AdminListener(
                        stats,
                        accepted -> null,
                        (accepted, encoder) ->
                                new AdminHandler(encoder, endpoints, main, gate, List.of(), stats));
        if (options.restart().disableHotRestart()) {
            return listener.open(group, address, List.of(), List.of());
        }
        if (options.restart().restartEpoch() == 0) {
            findFree(address);
        }
        return listener.shared().open(group, address, List.of(), List.of());
    }

    /** Of the first process of a row: a socket that another row shares would answer for it. */
    private static void findFree(IpAddress address) throws IOException {
        try (ServerSocket trial = new ServerSocket()) {
            trial.bind(address.toSocketAddress());
        } catch (IOException e) {
            throw new IOException("cannot bind '" + address + "': " + e.getMessage(), e);
        }
    }

    /** As bound: with port 0 this is the real one; null where the bootstrap has none. */
    public @Nullable Address address() {
        Channel listening = channel;
        return listening == null ? null : Address.of(listening.localAddress());
    }

    /**
     * No new connection is answered until {@link #resume}: another process is about to. The metrics
     * port goes on: of it each process has a socket of its own.
     *
     * @return the descriptor for it where this is the address; of a Unix socket there is none, and
     *     it is closed: its file goes with it
     */
    public List<Integer> handOver(String address) {
        Channel given = channel;
        if (given == null) {
            return List.of();
        }
        if (given.localAddress() instanceof DomainSocketAddress) {
            given.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
            return List.of();
        }
        given.eventLoop().execute(() -> given.config().setAutoRead(false));
        return String.valueOf(address()).equals(address) && given instanceof UnixChannel unix
                ? List.of(unix.fd().intValue())
                : List.of();
    }

    /** The other process has gone. A Unix socket is bound anew. */
    public void resume() {
        Channel given = channel;
        if (given == null) {
            return;
        }
        if (given.isOpen()) {
            given.eventLoop().execute(() -> given.config().setAutoRead(true));
            return;
        }
        try {
            channel = opening.open(List.of());
        } catch (IOException e) {
            LOG.warn("the admin interface does not come back: {}", e.getMessage());
        }
    }

    /** The other process answers from now on; connections that are open stay. */
    public void stopListening() {
        for (Channel listening : new @Nullable Channel[] {channel, metrics}) {
            if (listening != null) {
                listening.close();
            }
        }
    }

    /** Of the metrics port as bound, or null where there is none. */
    public @Nullable Address metricsAddress() {
        return metrics == null ? null : Address.of(metrics.localAddress());
    }

    /**
     * Answers without a connection, whatever paths are allowed to those that come by one. Blocks.
     *
     * @param target path and query
     * @throws IOException when the main loop does not answer in time
     */
    public AdminPage ask(String method, String target, Duration limit) throws IOException {
        return AdminPage.of(endpoints, main, AdminRequest.of(method, target), limit);
    }

    @Override
    public void close() {
        for (Channel listening : new @Nullable Channel[] {channel, metrics}) {
            if (listening != null) {
                listening.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
            }
        }
        // Quietly: the last answer (to quitquitquit) may still be on its way out.
        group.shutdownGracefully(50, 1000, TimeUnit.MILLISECONDS);
    }
}
