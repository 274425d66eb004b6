package dev.attache.proxy.upstream.discovery;

import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.HostSetAssembly;
import dev.attache.proxy.upstream.host.LoadAssignment;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** EDS: what the control plane says, as often as it says it. The same said twice is no update. */
final class EdsMembership implements Membership {

    private final DiscoveredCluster cluster;
    private HostSet latest;
    private HostSet own = HostSet.EMPTY;
    private @Nullable LoadAssignment assignment;
    private @Nullable ScheduledFuture<?> stale;

    EdsMembership(DiscoveredCluster cluster, HostSet inherited) {
        this.cluster = cluster;
        this.latest = inherited;
    }

    @Override
    public void start() {
        // The first assignment is what it waits for.
    }

    @Override
    public void assign(LoadAssignment next) {
        stop();
        if (next.endpointStaleAfterMillis() > 0) {
            stale =
                    cluster.main()
                            .schedule(
                                    this::onStale,
                                    next.endpointStaleAfterMillis(),
                                    TimeUnit.MILLISECONDS);
        }
        if (next.equals(assignment)) {
            countNamed();
            cluster.scope().counter("update_no_rebuild").inc();
            cluster.initialized();
            return;
        }
        apply(next);
        countNamed();
    }

    private void countNamed() {
        for (Host host : own.hosts()) {
            if (!host.has(Host.Flag.PENDING_DYNAMIC_REMOVAL)) {
                cluster.named(host.spec());
            }
        }
    }

    private void apply(LoadAssignment next) {
        assignment = next;
        latest =
                new HostSetAssembly(
                                latest,
                                cluster.locality(),
                                System.nanoTime(),
                                cluster.firstCheck(true))
                        .addLiterals(next)
                        .keepHealthy(cluster.keepsHealthy() ? own : HostSet.EMPTY)
                        .build(cluster.nextVersion());
        own = latest;
        cluster.onMembers(latest);
    }

    @Override
    public void dropFailed() {
        LoadAssignment now = assignment;
        if (now != null) {
            apply(now);
        }
    }

    /** The control plane has been silent for too long: its endpoints no longer count. */
    private void onStale() {
        stale = null;
        cluster.scope().counter("assignment_stale").inc();
        apply(LoadAssignment.empty(cluster.spec().name()));
    }

    @Override
    public void stop() {
        ScheduledFuture<?> armed = stale;
        if (armed != null) {
            armed.cancel(false);
            stale = null;
        }
    }
}
