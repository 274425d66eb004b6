package dev.attache.proxy.upstream.outlier;

import static dev.attache.proxy.upstream.outlier.IntervalRates.Origin.EXTERNAL;
import static dev.attache.proxy.upstream.outlier.IntervalRates.Origin.LOCAL_ORIGIN;

import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.host.OutlierMonitor;
import dev.attache.proxy.upstream.spec.OutlierSpec;
import dev.attache.proxy.upstream.stats.ClusterStatNames;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one cluster which hosts are ejected and when they return. Main thread, but for {@link
 * #onRun}, which workers call.
 */
public final class OutlierDetector {

    /** The last three are deprecated by Envoy, which counts them nevertheless. */
    private static final List<String> OTHERS =
            List.of(
                    "ejections_enforced_total",
                    "ejections_overflow",
                    "ejections_consecutive_5xx",
                    "ejections_success_rate",
                    "ejections_total");

    private final OutlierSpec spec;
    private final EventLoop main;
    private final int workers;
    private final LongSupplier clockMillis;
    private final Runnable onChange;
    private final Scope scope;
    private final Gauge active;
    private final Map<Host, HostOutlier> hosts = new LinkedHashMap<>();
    private @Nullable ScheduledFuture<?> tick;

    // Written on the main thread, shown by any.
    private volatile SuccessRates external = SuccessRates.UNKNOWN;
    private volatile SuccessRates localOrigin = SuccessRates.UNKNOWN;

    /**
     * @param cluster {@code cluster.<name>.}
     * @param clockMillis monotonic
     * @param onChange a host's health flag has changed
     */
    public OutlierDetector(
            OutlierSpec spec,
            EventLoop main,
            int workers,
            Scope cluster,
            LongSupplier clockMillis,
            Runnable onChange) {
        this.spec = spec;
        this.main = main;
        this.workers = workers;
        this.clockMillis = clockMillis;
        this.onChange = onChange;
        this.scope = cluster.scope("outlier_detection.");
        scope.declare(ClusterStatNames.OUTLIER_DETECTION);
        this.active = scope.gauge("ejections_active");
        for (Ejection why : Ejection.values()) {
            scope.counter("ejections_detected_" + why.text());
            scope.counter("ejections_enforced_" + why.text());
        }
        for (String name : OTHERS) {
            scope.counter(name);
        }
        plan();
    }

    private void plan() {
        tick = main.schedule(this::onInterval, spec.intervalMillis(), TimeUnit.MILLISECONDS);
    }

    /** The cluster's members now: new ones are watched, those that left are forgotten. */
    public void hosts(HostSet next) {
        Set<Host> members = new HashSet<>(next.hosts());
        for (HostOutlier each : List.copyOf(hosts.values())) {
            if (!members.contains(each.host())) {
                hosts.remove(each.host());
                release(each);
            }
        }
        for (Host host : next.hosts()) {
            if (!hosts.containsKey(host)) {
                HostOutlier outlier = new HostOutlier(this, host, spec, workers);
                inherit(outlier);
                hosts.put(host, outlier);
                host.monitor(outlier);
            }
        }
    }

    /** A new version of the cluster goes on with what the old one had ejected. */
    private void inherit(HostOutlier outlier) {
        if (outlier.host().has(Host.Flag.FAILED_OUTLIER_CHECK)) {
            outlier.ejection.inherit(clockMillis.getAsLong());
            active.inc();
        }
        if (outlier.host().has(Host.Flag.DEGRADED_OUTLIER_DETECTION)) {
            if (spec.detectDegraded()) {
                outlier.degradation.inherit(clockMillis.getAsLong());
            } else {
                outlier.host().set(Host.Flag.DEGRADED_OUTLIER_DETECTION, false);
            }
        }
    }

    public void close() {
        ScheduledFuture<?> planned = tick;
        if (planned != null) {
            planned.cancel(false);
            tick = null;
        }
        for (HostOutlier each : hosts.values()) {
            release(each);
        }
        hosts.clear();
    }

    private void release(HostOutlier outlier) {
        if (outlier.ejection.active()) {
            active.dec();
        }
        // Unless a new version of the cluster already watches it.
        Host host = outlier.host();
        if (host.monitor() == outlier) {
            host.monitor(OutlierMonitor.NONE);
            host.set(Host.Flag.FAILED_OUTLIER_CHECK, false);
            host.set(Host.Flag.DEGRADED_OUTLIER_DETECTION, false);
        }
    }

    /** Any worker: a run of errors is complete. */
    void onRun(HostOutlier outlier, Ejection why) {
        main.execute(() -> {
            if (hosts.get(outlier.host()) == outlier && !outlier.ejection.active()) {
                detected(outlier, why);
                outlier.forget(why);
            }
        });
    }

    /**
     * Any worker: the host says of itself that it is degraded. It stays, behind those that are not,
     * for as long as an ejection of it would last; the share of hosts that may be ejected does not
     * matter.
     */
    void onDegraded(HostOutlier outlier) {
        main.execute(() -> {
            if (hosts.get(outlier.host()) == outlier && !outlier.degradation.active()) {
                scope.counter("ejections_detected_degradation").inc();
                outlier.degradation.begin(clockMillis.getAsLong());
                outlier.host().set(Host.Flag.DEGRADED_OUTLIER_DETECTION, true);
                onChange.run();
            }
        });
    }

    private void detected(HostOutlier outlier, Ejection why) {
        scope.counter("ejections_detected_" + why.text()).inc();
        if (isCountedInTotal(why)) {
            scope.counter("ejections_" + why.text()).inc();
        }
        consider(outlier, why);
    }

    private static boolean isCountedInTotal(Ejection why) {
        return why == Ejection.CONSECUTIVE_5XX || why == Ejection.SUCCESS_RATE;
    }

    /** Room for one more ejection is looked at first, whether or not it would be enforced. */
    private void consider(HostOutlier outlier, Ejection why) {
        long ejected = hosts.values().stream().filter(each -> each.ejection.active()).count();
        double share = 100.0 * (ejected + 1) / hosts.size();
        if (share > spec.maxEjectionPercent() && !(spec.alwaysEjectOneHost() && ejected == 0)) {
            scope.counter("ejections_overflow").inc();
            return;
        }
        if (isCountedInTotal(why)) {
            scope.counter("ejections_total").inc();
        }
        if (ThreadLocalRandom.current().nextInt(100) < why.enforcing(spec)) {
            eject(outlier, why);
        }
    }

    private void eject(HostOutlier outlier, Ejection why) {
        outlier.ejection.begin(clockMillis.getAsLong());
        scope.counter("ejections_enforced_total").inc();
        scope.counter("ejections_enforced_" + why.text()).inc();
        active.inc();
        outlier.host().set(Host.Flag.FAILED_OUTLIER_CHECK, true);
        onChange.run();
    }

    private void onInterval() {
        boolean returned = false;
        long now = clockMillis.getAsLong();
        for (HostOutlier each : hosts.values()) {
            returned |= look(each, now);
        }
        if (returned) {
            onChange.run();
        }
        judgeRates();
        plan();
    }

    /** Whether the host returns, or is as good as the others again. */
    private boolean look(HostOutlier outlier, long now) {
        boolean returns = outlier.ejection.isOver(now);
        if (returns) {
            uneject(outlier, now);
        }
        boolean recovered = outlier.degradation.isOver(now);
        if (recovered) {
            outlier.degradation.end(now);
            outlier.host().set(Host.Flag.DEGRADED_OUTLIER_DETECTION, false);
        }
        return returns || recovered;
    }

    private void uneject(HostOutlier outlier, long now) {
        outlier.ejection.end(now);
        outlier.forgetRuns();
        active.dec();
        outlier.host().set(Host.Flag.FAILED_OUTLIER_CHECK, false);
    }

    /** An active health check of an ejected host has passed: it returns now. */
    public void onPassedCheck(Host host) {
        HostOutlier outlier = hosts.get(host);
        if (spec.unejectOnPassedCheck() && outlier != null && outlier.ejection.active()) {
            uneject(outlier, clockMillis.getAsLong());
            onChange.run();
        }
    }

    /**
     * Any thread.
     *
     * @param local of what happened on our side of the connections, instead of the hosts' answers
     */
    public SuccessRates successRates(boolean local) {
        return local ? localOrigin : external;
    }

    private void judgeRates() {
        IntervalRates rates = IntervalRates.take(spec, hosts.values());
        external = rates.judge(EXTERNAL, this::detected);
        if (spec.splitLocalOrigin()) {
            localOrigin = rates.judge(LOCAL_ORIGIN, this::detected);
        }
    }
}
