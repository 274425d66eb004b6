package dev.attache.proxy.upstream;

import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.PriorityHosts;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When workers are told of a cluster's hosts, by {@code common_lb_config.update_merge_window}: what
 * discovery says at once; what active checks and outlier detection say at once where the priority's
 * last update lies further back than the window, otherwise together with what follows, a window
 * later. Main thread, but for {@link #delivered()}.
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

    /** What discovery says of a host. */
    private record Facts(
            int weight, Metadata metadata, Locality locality, boolean failed, boolean degraded) {
        static Facts of(Host host) {
            return new Facts(
                    host.weight(),
                    host.metadata(),
                    host.locality(),
                    host.has(Host.Flag.FAILED_EDS_HEALTH),
                    host.has(Host.Flag.DEGRADED_EDS_HEALTH));
        }
    }

    /** What discovery says of a priority: where this is the same, it is no update. */
    private record Said(
            Map<Host, Facts> hosts,
            Map<Locality, Integer> weights,
            int overprovisioningFactor,
            boolean weightedPriorityHealth) {
        static final Said NOTHING =
                new Said(Map.of(), Map.of(), LoadAssignment.OVERPROVISIONING_DEFAULT, false);

        static Said of(HostSet hosts, int priority) {
            if (priority >= hosts.priorities().size()) {
                return NOTHING;
            }
            PriorityHosts level = hosts.priorities().get(priority);
            Map<Host, Facts> facts = new HashMap<>();
            level.hosts().forEach(host -> facts.put(host, Facts.of(host)));
            Map<Locality, Integer> weights = new HashMap<>();
            level.localities().forEach(each -> weights.put(each.locality(), each.weight()));
            return new Said(
                    facts, weights, level.overprovisioningFactor(), level.weightedPriorityHealth());
        }
    }

    /** One priority. */
    private static final class Level {
        private Said said = Said.NOTHING;
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
        for (int i = 0; i < next.priorities().size(); i++) {
            level(i).said = Said.of(next, i);
        }
        deliver(next);
    }

    private Level level(int priority) {
        while (levels.size() <= priority) {
            levels.add(new Level());
        }
        return levels.get(priority);
    }

    /**
     * Hosts that others may follow soon.
     *
     * @param checked active checks or outlier detection have spoken, which updates each priority;
     *     else those that discovery says something new of, which is never held back
     */
    void update(HostSet next, boolean checked) {
        boolean any = !latest.dropOverloads().equals(next.dropOverloads());
        int count = Math.max(latest.priorities().size(), next.priorities().size());
        latest = next;
        for (int i = 0; i < count; i++) {
            Level level = level(i);
            Said before = level.said;
            level.said = Said.of(next, i);
            if (!checked && before.equals(level.said)) {
                continue;
            }
            if (windowMillis == 0 || !holdBack(i, checked)) {
                stats.counter("cluster_updated").inc();
                any = true;
            }
        }
        if (any) {
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
