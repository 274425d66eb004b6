package dev.attache.proxy.upstream;

import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.dial.Cancellable;
import dev.attache.proxy.upstream.discovery.NameResolver;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.worker.Faults;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clusters that configurations {@linkplain ImpliedCluster imply}. Each is opened for its first
 * user, shared by all, and closed after its last. One for the process: what it holds belongs to the
 * main thread, users may come on any.
 *
 * <p>Nobody has asked for these clusters by name, so no page lists them and their statistics are
 * kept apart from those of the process, as Envoy has none of gRPC's own connections either.
 */
public final class ImpliedClusters {

    private static final Logger LOG = LoggerFactory.getLogger("upstream");

    /** Who uses a cluster; told of it on its own loop. */
    public interface User {

        EventLoop loop();

        /** The cluster is warm: its hosts are known, or it is known that there are none. */
        void onOpen(SharedCluster cluster);

        /** New hosts of a cluster that it was told of. */
        void onHosts(SharedCluster cluster, HostSet hosts);

        /** The cluster cannot be opened. */
        void onUnusable(Throwable why);
    }

    private final EventLoop main;
    private final ClusterEnvironment environment;
    private final Map<ImpliedCluster, Entry> entries = new HashMap<>();

    private static final class Entry {
        final SharedCluster shared;
        final List<Use> uses = new ArrayList<>();

        Entry(SharedCluster shared) {
            this.shared = shared;
        }
    }

    /**
     * @param main the main thread's loop
     * @param workers how many workers there are
     */
    public ImpliedClusters(EventLoop main, int workers, NameResolver names, Locality locality) {
        this.main = main;
        this.environment =
                new ClusterEnvironment(
                        main,
                        workers,
                        new StatsStore(),
                        names,
                        locality,
                        () -> HostSet.EMPTY,
                        this::publish);
    }

    /**
     * Uses a cluster until that is cancelled. Any thread, for both.
     *
     * @return ends the use; what is on its way to the user may still arrive
     */
    public Cancellable use(ImpliedCluster cluster, User user) {
        Use use = new Use(cluster, user);
        onMain(use::begin);
        return () -> onMain(use::end);
    }

    private void onMain(Runnable action) {
        if (main.inEventLoop()) {
            action.run();
        } else {
            main.execute(action);
        }
    }

    private static void tell(User user, Runnable event) {
        try {
            user.loop().execute(event);
        } catch (RejectedExecutionException ended) {
            LOG.debug("a user of a cluster has ended, and hears nothing of it", ended);
        }
    }

    /** Main thread only. */
    private final class Use {
        private final ImpliedCluster cluster;
        private final User user;
        private boolean ended;

        Use(ImpliedCluster cluster, User user) {
            this.cluster = cluster;
            this.user = user;
        }

        void begin() {
            Entry entry = entries.get(cluster);
            if (entry == null) {
                entry = open();
                if (entry == null) {
                    return;
                }
                entries.put(cluster, entry);
            }
            entry.uses.add(this);
            SharedCluster shared = entry.shared;
            shared.whenWarm(() -> {
                if (!ended) {
                    tell(user, () -> user.onOpen(shared));
                }
            });
        }

        private @Nullable Entry open() {
            try {
                return new Entry(SharedCluster.open(cluster.spec(), environment, null));
            } catch (Throwable e) {
                Faults.contain(e);
                LOG.error("what '{}' stands for cannot be opened", cluster.spec().name(), e);
                tell(user, () -> user.onUnusable(e));
                return null;
            }
        }

        void end() {
            ended = true;
            Entry entry = entries.get(cluster);
            if (entry != null && entry.uses.remove(this) && entry.uses.isEmpty()) {
                entries.remove(cluster);
                entry.shared.close();
            }
        }
    }

    private void publish(SharedCluster cluster, HostSet hosts) {
        for (Entry entry : entries.values()) {
            if (entry.shared == cluster) {
                for (Use use : entry.uses) {
                    tell(use.user, () -> use.user.onHosts(cluster, hosts));
                }
            }
        }
    }

    /** Main thread: how many are open, for tests. */
    int open() {
        return entries.size();
    }
}
