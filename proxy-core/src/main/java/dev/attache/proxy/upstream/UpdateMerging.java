package dev.attache.proxy.upstream;

import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.PriorityHosts;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When workers are told of a cluster's hosts, by {@code common_lb_config.update_merge_window}: a
 * change of members at once; a change of health, weights or metadata at once where the priority's
 * last one lies further back than the window, otherwise together with what follows, a window later.
 * Main thread, but for {@link #delivered()}.
 */
final class UpdateMerging {

    private final EventLoop main;
    private final Scope stats;
    private final long windowMillis;
    private final LongSupplier versions;
    private final Consumer<HostSet> workers;
    private final List<Level> levels = new ArrayList<>();
    private HostSet latest = HostSet.EMPTY;
    private volatile HostSet delivered = HostSet.EMPTY;

    /** One priority. */
    private static final class Level {
        private long lastNanos;
        private boolean told;
        private @Nullable ScheduledFuture<?> held;
    }

    /**
     * @param windowMillis zero = nothing is held back
     * @param versions the next version of a host set
     * @param workers takes a set to the workers
     */
    UpdateMerging(
            ClusterEnvironment environment,
            long windowMillis,
            LongSupplier versions,
            Consumer<HostSet> workers) {
        this.main = environment.main();
        this.stats = environment.stats().scope("cluster_manager.");
        this.windowMillis = windowMillis;
        this.versions = versions;
        this.workers = workers;
    }

    /** What workers have been told, or are about to be. Any thread. */
    HostSet delivered() {
        return delivered;
    }

    /** While nobody uses the cluster yet: hosts that are neither counted nor held back. */
    void begin(HostSet next) {
        latest = next;
        deliver(next);
    }

    /**
     * Hosts that others may follow soon.
     *
     * @param next every priority may differ in health, weights or metadata; where its members
     *     differ it is not held back
     */
    void update(HostSet next) {
        HostSet before = latest;
        latest = next;
        int count = Math.max(before.priorities().size(), next.priorities().size());
        while (levels.size() < count) {
            levels.add(new Level());
        }
        boolean any = false;
        for (int i = 0; i < count; i++) {
            boolean mergeable = members(before, i).equals(members(next, i));
            if (windowMillis == 0 || !holdBack(i, mergeable)) {
                stats.counter("cluster_updated").inc();
                any = true;
            }
        }
        if (any || count == 0) {
            deliver(arranged(next, next.version()));
        } else {
            // A host that failed is still chosen, but its connections go now.
            workers.accept(delivered);
        }
    }

    /** Whether this change of a priority is told later; else what waits of it waits no more. */
    private boolean holdBack(int priority, boolean mergeable) {
        Level level = levels.get(priority);
        long now = main.ticker().nanoTime();
        boolean outside =
                !level.told || TimeUnit.NANOSECONDS.toMillis(now - level.lastNanos) > windowMillis;
        if (mergeable && !outside) {
            if (level.held == null) {
                level.held =
                        main.schedule(() -> release(priority), windowMillis, TimeUnit.MILLISECONDS);
            }
            return true;
        }
        if (mergeable) {
            stats.counter("update_out_of_merge_window").inc();
        }
        if (level.held != null) {
            level.held.cancel(false);
            level.held = null;
            stats.counter("update_merge_cancelled").inc();
        }
        level.told = true;
        level.lastNanos = now;
        return false;
    }

    private void release(int priority) {
        Level level = levels.get(priority);
        level.held = null;
        level.lastNanos = main.ticker().nanoTime();
        stats.counter("cluster_updated_via_merge").inc();
        deliver(arranged(latest, versions.getAsLong()));
    }

    /** {@code next}, but priorities that are held back as workers know them. */
    private HostSet arranged(HostSet next, long version) {
        if (levels.stream().allMatch(level -> level.held == null)) {
            return next;
        }
        List<PriorityHosts> known = delivered.priorities();
        List<PriorityHosts> arranged = new ArrayList<>(next.priorities());
        for (int i = 0; i < arranged.size() && i < known.size(); i++) {
            if (i < levels.size() && levels.get(i).held != null) {
                arranged.set(i, known.get(i));
            }
        }
        return new HostSet(version, arranged, next.dropOverloads());
    }

    private void deliver(HostSet next) {
        delivered = next;
        workers.accept(next);
    }

    private static Set<Host> members(HostSet hosts, int priority) {
        return priority < hosts.priorities().size()
                ? new HashSet<>(hosts.priorities().get(priority).hosts())
                : Set.of();
    }

    /** What is held back stays unsaid. */
    void close() {
        for (Level level : levels) {
            if (level.held != null) {
                level.held.cancel(false);
                level.held = null;
            }
        }
    }
}
