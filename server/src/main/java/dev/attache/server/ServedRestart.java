package dev.attache.server;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.engine.Engine;
import dev.attache.proxy.listener.InheritedSockets;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.lifecycle.Lifecycle;
import dev.attache.server.lifecycle.ListenerDraining;
import dev.attache.server.lifecycle.ServerState;
import dev.attache.server.lifecycle.ServerStats;
import dev.attache.server.lifecycle.StatsFlushing;
import dev.attache.server.restart.HotRestart;
import dev.attache.server.restart.StatsTransfer;
import dev.attache.server.restart.Succession;
import dev.attache.server.supervision.Supervisor;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server does as one of a row of processes: it takes over from the one before it, and lets
 * the one after it take over. Lines of the log are Envoy's. Main loop, but for what begins.
 */
final class ServedRestart implements Succession {

    private static final Logger LOG = LoggerFactory.getLogger("main");

    private final HotRestart row;
    private final ServerOptions options;
    private final Engine engine;
    private final StatsStore stats;
    private final Lifecycle lifecycle;
    private final EventLoop main;
    private final AdminPort admin;
    private final ListenerDraining draining;
    private final Supplier<@Nullable StatsFlushing> flushing;
    private final Supervisor supervisor;
    private final Runnable terminate;
    private volatile boolean replaced;
    private boolean statsGiven;

    /**
     * @param flushing asked once there is one
     * @param terminate ends this process as a signal does
     */
    ServedRestart(
            HotRestart row,
            ServerOptions options,
            ServedEngine served,
            StatsStore stats,
            Lifecycle lifecycle,
            EventLoop main,
            AdminPort admin,
            ListenerDraining draining,
            Supplier<@Nullable StatsFlushing> flushing,
            Supervisor supervisor,
            Runnable terminate) {
        this.row = row;
        this.options = options;
        this.engine = served.engine();
        this.stats = stats;
        this.lifecycle = lifecycle;
        this.main = main;
        this.admin = admin;
        this.draining = draining;
        this.flushing = flushing;
        this.supervisor = supervisor;
        this.terminate = terminate;
    }

    /** Before anything is bound. */
    void begin() {
        lifecycle.inRow(row.firstEpochSeconds(), row.version());
        if (row.enabled()) {
            stats.gauge(HotRestart.GENERATION).inc();
        }
        if (row.hasParent()) {
            engine.inherit(row::listening);
        }
    }

    /**
     * The parent's admin interface closes and the process before it ends; its socket, where this
     * one has the same address.
     *
     * @param address null: none here
     */
    List<Integer> adminSockets(@Nullable Address address) {
        return row.admin(address == null ? "" : address.toString());
    }

    /** The next process may come. */
    void open() {
        row.open(main, this);
    }

    /** Everything is accepted here now: the parent drains, and ends when its time is over. */
    void live(ServerStats serverStats) {
        if (!row.isChild()) {
            return;
        }
        row.takeOver(stats);
        // What is bound from now on is nobody's.
        engine.inherit(InheritedSockets.NONE);
        serverStats.parent(() -> {
            row.mergeStats();
            return row.parentConnections();
        });
        serverStats.flush();
        main.schedule(
                () -> {
                    LOG.info("shutting down parent after drain");
                    row.terminateParent();
                },
                options.parentShutdownTime().toMillis(),
                TimeUnit.MILLISECONDS);
    }

    void close() {
        row.close();
    }

    @Override
    public @Nullable String refusal() {
        if (lifecycle.state() == ServerState.PRE_INITIALIZING
                || lifecycle.state() == ServerState.INITIALIZING) {
            return "previous envoy process is still initializing";
        }
        return null;
    }

    @Override
    public long firstEpochSeconds() {
        return lifecycle.firstEpoch().getEpochSecond();
    }

    @Override
    public List<Integer> yieldAdmin(String address) {
        LOG.warn("shutting down admin due to child startup");
        List<Integer> descriptors = admin.handOver(address);
        LOG.warn("terminating parent process");
        row.terminateParent();
        return descriptors;
    }

    @Override
    public List<Integer> listening(String address) {
        return engine.listenDescriptors(address);
    }

    @Override
    public String stats() {
        boolean first = !statsGiven;
        statsGiven = true;
        return StatsTransfer.print(stats, engine.connections(), first);
    }

    @Override
    public void drain(long childPid) {
        LOG.info("closing and draining listeners");
        replaced = true;
        StatsFlushing intervals = flushing.get();
        if (intervals != null) {
            intervals.end();
        }
        admin.stopListening();
        draining.begin(false, false, false);
        supervisor.replacedBy(childPid);
    }

    @Override
    public void terminate() {
        LOG.info("shutting down due to child request");
        terminate.run();
    }

    @Override
    public void lost(boolean served) {
        if (!served) {
            LOG.warn("the next process has gone before it served: this one goes on");
            admin.resume();
            return;
        }
        long seconds = options.parentShutdownTime().toSeconds();
        LOG.warn(
                "the next process has gone; this one ends in {} s, its listeners are closed",
                seconds);
        main.schedule(terminate, seconds, TimeUnit.SECONDS);
    }

    /** Whether another process serves in place of this one. */
    boolean replaced() {
        return replaced;
    }
}
