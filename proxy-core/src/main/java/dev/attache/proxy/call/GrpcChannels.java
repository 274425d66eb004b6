package dev.attache.proxy.call;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.ClusterSet;
import dev.attache.proxy.upstream.ImpliedCluster;
import dev.attache.proxy.upstream.ImpliedClusters;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clients of channels on one worker. As in Envoy a client comes with the first call of its
 * service and goes when there was none for 50 seconds, and its statistics with it: who configures
 * the service neither makes nor keeps it. Clients of one target share its connections.
 * Loop-confined.
 */
public final class GrpcChannels {

    /** Envoy's, of {@code grpc_async_client_manager_config}. */
    private static final long IDLE_MILLIS = 50_000;

    /** gRPC's highest code; what is beyond counts as unknown. */
    private static final int LAST_CODE = 16;

    private static final int UNKNOWN = 2;

    private final WorkerContext worker;
    private final ClusterSet clusters;
    private final @Nullable ImpliedClusters implied;
    private final StatsStore stats;
    private final Map<Object, Client> clients = new HashMap<>();
    private final Map<ImpliedCluster, Target> targets = new HashMap<>();

    /**
     * @param implied null = no target can be reached
     */
    public GrpcChannels(
            WorkerContext worker,
            ClusterSet clusters,
            @Nullable ImpliedClusters implied,
            StatsStore stats) {
        this.worker = worker;
        this.clusters = clusters;
        this.implied = implied;
        this.stats = stats;
    }

    Client client(GrpcChannel channel) {
        Client known = clients.get(channel.identity());
        if (known == null) {
            known = new Client(channel);
            clients.put(channel.identity(), known);
        }
        return known;
    }

    /** The worker ends: nothing is called any more. */
    public void close() {
        for (Client client : List.copyOf(clients.values())) {
            client.leave();
        }
    }

    /** One service, with what is counted of it. */
    final class Client {
        private final GrpcChannel channel;
        private final Target target;
        private final StatsStore.Hold hold;
        private final Cell total;
        private final Cell[] closed = new Cell[LAST_CODE + 1];
        private int open;
        private long lastUse;
        private final Timer idle =
                new Timer() {
                    @Override
                    protected void expire() {
                        leaveIfIdle();
                    }
                };

        private Client(GrpcChannel channel) {
            this.channel = channel;
            String prefix = "grpc." + channel.statPrefix() + ".";
            this.hold = stats.hold(prefix);
            Scope scope = stats.scope(prefix);
            scope.counter("google_grpc_client_creation").cell(worker.index()).inc();
            this.total = scope.counter("streams_total").cell(worker.index());
            for (int code = 0; code <= LAST_CODE; code++) {
                closed[code] = scope.counter("streams_closed_" + code).cell(worker.index());
            }
            this.target = targets.computeIfAbsent(channel.target(), Target::new);
            target.clients++;
            worker.timers().schedule(idle, IDLE_MILLIS);
        }

        Target target() {
            return target;
        }

        void began() {
            total.inc();
            open++;
            lastUse = worker.nanoTime();
        }

        void settled(int code) {
            closed[code < 0 || code > LAST_CODE ? UNKNOWN : code].inc();
        }

        void ended() {
            open--;
        }

        /** How many calls keep it, for tests. */
        int open() {
            return open;
        }

        private void leaveIfIdle() {
            long left = IDLE_MILLIS - TimeUnit.NANOSECONDS.toMillis(worker.nanoTime() - lastUse);
            if (open > 0 || left > 0) {
                worker.timers().schedule(idle, Math.max(left, 1_000));
            } else {
                leave();
            }
        }

        private void leave() {
            idle.cancel();
            clients.remove(channel.identity());
            hold.close();
            if (--target.clients == 0) {
                target.close();
            }
        }
    }

    /** Where clients call, once it is known. */
    final class Target implements ImpliedClusters.User {
        private final ImpliedCluster cluster;
        private final Cancellable use;
        private final List<ChannelCall> waiting = new ArrayList<>();
        private int clients;
        private @Nullable SharedCluster shared;
        private @Nullable Cluster opened;
        private boolean unusable;
        private boolean closed;

        private Target(ImpliedCluster cluster) {
            this.cluster = cluster;
            this.unusable = implied == null;
            this.use = implied == null ? Cancellable.DONE : implied.use(cluster, this);
        }

        /** Null: it is not known yet, or cannot be used. */
        @Nullable Cluster opened() {
            return opened;
        }

        String name() {
            return cluster.spec().name();
        }

        boolean isUnusable() {
            return unusable || closed;
        }

        /** The call is begun as soon as it can be. */
        void await(ChannelCall call) {
            waiting.add(call);
        }

        void forget(ChannelCall call) {
            waiting.remove(call);
        }

        @Override
        public EventLoop loop() {
            return worker.eventLoop();
        }

        @Override
        public void onOpen(SharedCluster cluster) {
            if (!closed) {
                shared = cluster;
                opened = clusters.hold(cluster);
                beginWaiting();
            }
        }

        @Override
        public void onHosts(SharedCluster cluster, HostSet hosts) {
            clusters.heldHosts(cluster, hosts);
        }

        @Override
        public void onUnusable(Throwable why) {
            unusable = true;
            beginWaiting();
        }

        private void beginWaiting() {
            List<ChannelCall> all = List.copyOf(waiting);
            waiting.clear();
            all.forEach(ChannelCall::begin);
        }

        private void close() {
            closed = true;
            targets.remove(cluster, this);
            use.cancel();
            opened = null;
            SharedCluster held = shared;
            if (held != null) {
                clusters.letGo(held);
            }
            beginWaiting();
        }
    }
}
