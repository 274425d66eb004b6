package dev.attache.proxy.upstream;

import dev.attache.proxy.connection.RedirectGuard;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.upstream.dial.NettyDialer;
import dev.attache.proxy.upstream.health.CheckedCluster;
import dev.attache.proxy.upstream.health.HealthCheckers;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.spec.HealthCheckSpec;
import dev.attache.proxy.upstream.spec.TransportSelection;
import dev.attache.proxy.worker.EventLoopWorker;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The active health checks of a cluster and what they mean for it: when it is warm, when views are
 * computed again, which host leaves or returns. Main thread.
 */
final class ActiveChecks {

    /** What becomes of the cluster. */
    interface Effects {

        /** Views of the hosts are others now. */
        void healthChanged();

        /** A host that discovery no longer names, and that was kept for its health, has failed. */
        void leave();

        /** A check has passed. */
        void passed(Host host);
    }

    private final HealthCheckers checkers;
    private final Effects effects;
    private Set<Host> awaited = new HashSet<>();
    private @Nullable Runnable afterFirstRound;
    private boolean firstRoundOver;

    ActiveChecks(SharedCluster cluster, Effects effects) {
        this.effects = effects;
        ClusterEnvironment environment = cluster.environment();
        // Beyond the cells of the workers and of the control planes' connections.
        EventLoopWorker loop = new EventLoopWorker(environment.main(), environment.workers() + 1);
        NettyDialer dialer = new NettyDialer(loop, cluster.spec().sockets(), RedirectGuard.OFF);
        List<CheckedCluster> checks = new ArrayList<>();
        for (HealthCheckSpec spec : cluster.spec().healthChecks()) {
            checks.add(checked(cluster, spec, loop, dialer));
        }
        this.checkers = new HealthCheckers(checks, cluster.scope(), this::onChecked);
    }

    private static CheckedCluster checked(
            SharedCluster cluster, HealthCheckSpec spec, EventLoopWorker loop, NettyDialer dialer) {
        TransportSelection.Labels instead =
                spec.transportCriteria().map(ActiveChecks::labels).orElse(null);
        return new CheckedCluster(
                cluster.spec().name(),
                spec,
                cluster.scope(),
                loop,
                dialer::dial,
                new HttpCodecs(cluster, loop.index()),
                host -> instead == null ? cluster.transport(host) : cluster.transport(instead),
                cluster.spec().bufferLimitBytes());
    }

    private static TransportSelection.Labels labels(MetadataValue.Struct criteria) {
        return new TransportSelection.Labels(
                new Metadata(Map.of(TransportSelection.METADATA_NAMESPACE, criteria)),
                Metadata.EMPTY);
    }

    void hosts(HostSet next) {
        checkers.hosts(next);
    }

    /** Runs {@code then} once every host that is a member now has been checked once. */
    void afterFirstRound(Runnable then) {
        if (afterFirstRound != null) {
            return;
        }
        afterFirstRound = then;
        awaited = checkers.unchecked();
        endFirstRoundWhenComplete();
    }

    private void endFirstRoundWhenComplete() {
        Runnable then = afterFirstRound;
        if (!firstRoundOver && then != null && awaited.isEmpty()) {
            firstRoundOver = true;
            effects.healthChanged();
            then.run();
        }
    }

    private void onChecked(Host host, boolean changed, boolean passed) {
        if (passed
                && host.has(Host.Flag.FAILED_OUTLIER_CHECK)
                && !host.has(Host.Flag.FAILED_ACTIVE_HC)) {
            effects.passed(host);
        }
        if (!firstRoundOver) {
            // Nobody uses the cluster yet: one new set of hosts at the end is enough.
            if (awaited.remove(host)) {
                endFirstRoundWhenComplete();
            }
        } else if (changed) {
            if (host.has(Host.Flag.PENDING_DYNAMIC_REMOVAL)
                    && host.has(Host.Flag.FAILED_ACTIVE_HC)) {
                effects.leave();
            } else {
                effects.healthChanged();
            }
        }
    }

    void close() {
        checkers.close();
    }
}
