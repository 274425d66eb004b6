package dev.attache.proxy.listener;

import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.accesslog.AccessLogs;
import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.explain.Explaining;
import dev.attache.proxy.listener.spec.ListenerSpec;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.network.DrainDecision;
import dev.attache.proxy.network.FilterFaults;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterEntry;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.TrafficDirection;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.pipeline.FilterOpenException;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.ClusterLookup;
import dev.attache.proxy.worker.Faults;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One filter chain on one worker: its filter factories and its connections. It outlives listener
 * updates that leave the chain as it is; otherwise it drains and closes. Loop-confined.
 *
 * <p>Longer than files here should be: what filters, logs and connections find around them is this
 * one object.
 */
final class ActiveChain implements NetworkFilterContext, DrainDecision {

    private static final Logger LOG = LoggerFactory.getLogger("filter");

    private final OpenChain open;
    private final WorkerListeners owner;
    private final ListenerSpec listener;
    private final Scope scope;
    private final ListenerStats stats;
    private final FilterFaults faults;
    private final WorkerOverload overload;
    private final List<NetworkFilterFactory> factories;
    private List<AccessLog> accessLogs = List.of();

    /** Run when the drain time is over: stats that are held, and what filters asked for. */
    private final List<Runnable> drained = new ArrayList<>();

    private @Nullable ServerConnection connections;
    private int size;
    private long drainStart = -1;
    private long drainSequenceStart = -1;
    private boolean closed;
    private @Nullable Timer deadline;

    ActiveChain(
            OpenChain open,
            WorkerListeners owner,
            ListenerSpec listener,
            Scope scope,
            ListenerStats stats) {
        this.open = open;
        this.owner = owner;
        this.listener = listener;
        this.scope = scope;
        this.stats = stats;
        this.faults = stats.faults();
        this.overload =
                listener.bypassOverloadManager()
                        ? WorkerOverload.quiet()
                        : owner.worker().overload();
        drained.add(scope.store().hold(scope.prefix())::close);
        this.factories = new ArrayList<>(open.spec().filters().size());
        for (NetworkFilterEntry filter : open.spec().filters()) {
            try {
                factories.add(filter.spec().open(this));
            } catch (Throwable e) {
                discard();
                throw FilterOpenException.of(filter.name(), e);
            }
        }
        try {
            accessLogs = AccessLogs.open(listener.accessLogs(), this);
        } catch (Throwable e) {
            discard();
            throw FilterOpenException.of("access_log", e);
        }
    }

    /** Those of the listener: entries of the chain's connections. */
    List<AccessLog> accessLogs() {
        return accessLogs;
    }

    /** Never put to work: gives back what opening took. */
    void discard() {
        closed = true;
        closeFactories();
        drained.forEach(Runnable::run);
    }

    private void closeFactories() {
        for (int i = 0; i < factories.size(); i++) {
            try {
                factories.get(i).close();
            } catch (Throwable e) {
                Faults.contain(e);
                LOG.error(
                        "listener '{}': filter '{}' threw when its chain closed",
                        listener.name(),
                        filterName(i),
                        e);
            }
        }
    }

    OpenChain open() {
        return open;
    }

    ListenerSpec listener() {
        return listener;
    }

    ListenerStats listenerStats() {
        return stats;
    }

    WorkerListeners owner() {
        return owner;
    }

    List<NetworkFilterFactory> factories() {
        return factories;
    }

    String filterName(int position) {
        return open.spec().filters().get(position).name();
    }

    void add(ServerConnection connection) {
        connection.next = connections;
        if (connections != null) {
            connections.previous = connection;
        }
        connections = connection;
        size++;
        owner.connectionsChanged(1);
    }

    void remove(ServerConnection connection) {
        if (connection.previous != null) {
            connection.previous.next = connection.next;
        } else {
            connections = connection.next;
        }
        if (connection.next != null) {
            connection.next.previous = connection.previous;
        }
        connection.next = null;
        connection.previous = null;
        size--;
        owner.connectionsChanged(-1);
        if (size == 0 && drainStart != -1) {
            close();
        }
    }

    int size() {
        return size;
    }

    /** No new connections come; those there are leave within the drain time, or are closed then. */
    void beginDrain() {
        if (drainStart != -1) {
            return;
        }
        drainStart = owner.worker().nanoTime();
        if (size == 0) {
            close();
            return;
        }
        owner.chainLeaving(this);
        tellConnections();
        deadline =
                new Timer() {
                    @Override
                    protected void expire() {
                        closeConnections();
                    }
                };
        owner.worker().timers().schedule(deadline, owner.drainControl().drainTimeMillis());
    }

    void closeConnections() {
        ServerConnection connection = connections;
        while (connection != null) {
            ServerConnection following = connection.next;
            connection.closeForDrain();
            connection = following;
        }
        if (size == 0) {
            close();
        }
    }

    private void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (deadline != null) {
            deadline.cancel();
        }
        closeFactories();
        releaseShared();
        owner.chainClosed(this);
    }

    /** Dashboards see the stats of what drains until its time is over, connections or not. */
    private void releaseShared() {
        long elapsed = (owner.worker().nanoTime() - drainStart) / 1_000_000;
        long left = owner.drainControl().drainTimeMillis() - elapsed;
        List<Runnable> held = List.copyOf(drained);
        owner.drainControl().later(left, () -> held.forEach(Runnable::run));
    }

    /** Starts the probability of leaving to grow, while the chain still accepts. */
    void startDrainSequence() {
        if (drainSequenceStart == -1) {
            drainSequenceStart = owner.worker().nanoTime();
            tellConnections();
        }
    }

    private void tellConnections() {
        ServerConnection connection = connections;
        while (connection != null) {
            ServerConnection following = connection.next;
            connection.startDrain();
            connection = following;
        }
    }

    boolean isDraining() {
        return drainStart != -1 || drainSequenceStart != -1;
    }

    /** Until the drain that goes on has taken its whole time. */
    long drainLeftMillis() {
        long start = drainStart != -1 ? drainStart : drainSequenceStart;
        long elapsed = (owner.worker().nanoTime() - start) / 1_000_000;
        return Math.max(0, owner.drainControl().drainTimeMillis() - elapsed);
    }

    /** The process is about to end: every connection is asked to leave. */
    void startShutdown() {
        ServerConnection connection = connections;
        while (connection != null) {
            ServerConnection following = connection.next;
            connection.startShutdown();
            connection = following;
        }
    }

    @Override
    public boolean drainClose() {
        DrainControl control = owner.drainControl();
        if (control.shuttingDown()) {
            return true;
        }
        if (control.healthFailed() && listener.drainType() == ListenerSpec.DrainType.DEFAULT) {
            return true;
        }
        long start = drainStart != -1 ? drainStart : drainSequenceStart;
        if (start == -1) {
            return false;
        }
        if (control.strategy() == DrainControl.Strategy.IMMEDIATE) {
            return true;
        }
        long total = control.drainTimeMillis();
        long elapsed = (owner.worker().nanoTime() - start) / 1_000_000;
        return total <= 0
                || elapsed >= total
                || Long.remainderUnsigned(owner.worker().random(), total) < elapsed;
    }

    @Override
    public WorkerContext worker() {
        return owner.worker();
    }

    @Override
    public ScopedCalls calls() {
        return owner.surroundings().calls();
    }

    @Override
    public Explaining explaining() {
        return owner.surroundings().explaining();
    }

    @Override
    public ClusterLookup clusters() {
        return owner.surroundings().clusters();
    }

    @Override
    public @Nullable RouteTable routeTable(String name) {
        return owner.surroundings().routeTable(name);
    }

    @Override
    public String nodeCluster() {
        return owner.surroundings().nodeCluster();
    }

    @Override
    public String nodeId() {
        return owner.surroundings().nodeId();
    }

    @Override
    public String nodeZone() {
        return owner.surroundings().nodeZone();
    }

    @Override
    public StatsStore stats() {
        return scope.store();
    }

    @Override
    public Scope ownScope(String prefix) {
        drained.add(scope.store().hold(prefix)::close);
        return scope.store().scope(prefix);
    }

    @Override
    public void whenDrained(Runnable release) {
        drained.add(release);
    }

    @Override
    public FilterFaults faults() {
        return faults;
    }

    @Override
    public Scope listenerScope() {
        return scope;
    }

    @Override
    public String listenerName() {
        return listener.name();
    }

    @Override
    public TrafficDirection direction() {
        return listener.trafficDirection();
    }

    @Override
    public Metadata listenerMetadata() {
        return listener.metadata();
    }

    @Override
    public Metadata filterChainMetadata() {
        return open.spec().metadata();
    }

    @Override
    public DrainDecision drain() {
        return this;
    }

    @Override
    public WorkerOverload overload() {
        return overload;
    }

    @Override
    public int bufferLimitBytes() {
        return listener.perConnectionBufferLimitBytes();
    }

    long bufferWatermarkTimeoutMillis() {
        return listener.bufferWatermarkTimeoutMillis();
    }

    @Override
    public boolean secureTransport() {
        return open.spec().transport().secure();
    }
}
