package dev.attache.proxy.upstream.health;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.host.EndpointSpec.HealthCheckOverride;
import dev.attache.proxy.upstream.host.HealthFlags;
import dev.attache.proxy.upstream.host.HealthMonitor;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.Host.Flag;
import dev.attache.proxy.worker.Faults;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checks of one host: asks in intervals, counts what comes back, and keeps the host's flags.
 * Main thread, but for {@link #onImmediateFail}.
 *
 * <p>One class, as timers, thresholds and flags decide about each other with every result.
 */
final class HostCheck implements HealthMonitor {

    private static final Logger log = LoggerFactory.getLogger("health_checker");

    /** How often, and for how long at most, a first check waits for secrets of its transport. */
    private static final long SECRETS_POLL_MILLIS = 50;

    private static final long SECRETS_LIMIT_MILLIS = 15_000;

    /** From when on a timeout that fires late is the loop's fault. */
    private static final long LATE_MILLIS = 50;

    /** What a check made of the host. */
    private enum Transition {
        NONE,
        PENDING,
        CHANGED
    }

    private final HealthChecker checker;
    private final Host host;
    private final HealthFlags flags;
    private final HealthStats stats;
    private final Probe probe;
    private @Nullable ScheduledFuture<?> interval;
    private @Nullable ScheduledFuture<?> timeout;
    private long dueNanos;
    private boolean extended;
    private long waitedForSecretsMillis;
    private long passedInRow;
    private long failedInRow;
    private boolean first = true;
    private boolean closed;
    private boolean countedHealthy;
    private boolean countedDegraded;

    HostCheck(HealthChecker checker, Host host, HealthFlags flags) {
        this.checker = checker;
        this.host = host;
        this.flags = flags;
        this.stats = checker.stats();
        this.probe = checker.probe(this);
        count(!flags.has(Flag.FAILED_ACTIVE_HC), flags.has(Flag.DEGRADED_ACTIVE_HC));
        host.healthMonitor(this);
    }

    Host host() {
        return host;
    }

    CheckedCluster cluster() {
        return checker.cluster();
    }

    HealthStats stats() {
        return stats;
    }

    boolean unchecked() {
        return first;
    }

    boolean closed() {
        return closed;
    }

    void start() {
        long jitter = checker.spec().intervals().initialJitterMillis();
        // Not at once: while a configuration is loaded the loop is busy, and time runs.
        next(jitter > 0 ? checker.jittered(0, jitter) : 0);
    }

    private void firstCheck() {
        if (transport().ready() || waitedForSecretsMillis >= SECRETS_LIMIT_MILLIS) {
            check();
            return;
        }
        waitedForSecretsMillis += SECRETS_POLL_MILLIS;
        next(SECRETS_POLL_MILLIS);
    }

    private void next(long millis) {
        cancel(interval);
        interval =
                checker.cluster()
                        .loop()
                        .eventLoop()
                        .schedule(this::onInterval, millis, TimeUnit.MILLISECONDS);
    }

    private void onInterval() {
        interval = null;
        if (first) {
            firstCheck();
        } else {
            check();
        }
    }

    private void check() {
        stats.attempt.inc();
        extended = false;
        armTimeout(checker.spec().timeoutMillis());
        try {
            probe.begin();
        } catch (Throwable e) {
            probeThrew(e);
            failed(FailureType.NETWORK, false, 0);
        }
    }

    /** Checking goes on, whatever a probe does. */
    private void probeThrew(Throwable why) {
        Faults.contain(why);
        log.error("health check of host {} threw", host, why);
    }

    private void armTimeout(long millis) {
        cancel(timeout);
        dueNanos = checker.cluster().loop().nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        timeout =
                checker.cluster()
                        .loop()
                        .eventLoop()
                        .schedule(this::onTimeout, millis, TimeUnit.MILLISECONDS);
    }

    private void onTimeout() {
        timeout = null;
        long late = TimeUnit.NANOSECONDS.toMillis(checker.cluster().loop().nanoTime() - dueNanos);
        if (late > LATE_MILLIS && !extended) {
            // The loop was elsewhere, and an answer may wait to be read: it gets that time back.
            extended = true;
            armTimeout(Math.min(late, checker.spec().timeoutMillis()));
            return;
        }
        try {
            probe.giveUp();
        } catch (Throwable e) {
            probeThrew(e);
        }
        failed(FailureType.NETWORK_TIMEOUT, false, 0);
    }

    // ---- where and how to connect -----------------------------------------------------------

    /** {@code health_check_config} over the endpoint's own address. */
    Address address() {
        HealthCheckOverride own = host.spec().healthCheck();
        Address address = own.address() == null ? host.address() : own.address();
        return own.port() != 0 && address instanceof IpAddress ip
                ? ip.withPort(own.port())
                : address;
    }

    ClientTransport transport() {
        return checker.cluster().transports().apply(host);
    }

    TransportOptions transportOptions() {
        List<String> alpn = checker.spec().alpnProtocols();
        String name = host.hostname();
        return new TransportOptions(
                null, List.of(), alpn, List.of(), name.isEmpty() ? null : name, null);
    }

    /**
     * The authority to ask for.
     *
     * @param configured of the check, empty where unset
     */
    String authority(String configured) {
        String own = host.spec().healthCheck().hostname();
        if (!own.isEmpty()) {
            return own;
        }
        return configured.isEmpty() ? checker.cluster().name() : configured;
    }

    // ---- what came of it --------------------------------------------------------------------

    void passed(boolean degraded) {
        if (closed) {
            return;
        }
        failedInRow = 0;
        Transition transition = Transition.NONE;
        if (flags.has(Flag.FAILED_ACTIVE_HC)) {
            if (first || ++passedInRow == checker.spec().healthyThreshold()) {
                flags.set(Flag.ACTIVE_HC_TIMEOUT, false);
                flags.set(Flag.EXCLUDED_VIA_IMMEDIATE_HC_FAIL, false);
                flags.set(Flag.FAILED_ACTIVE_HC, false);
                host.usableSince(checker.cluster().loop().nanoTime());
                transition = Transition.CHANGED;
                log.debug("health check passed, host={}", host);
                checker.events().healthy(host, first);
            } else {
                transition = Transition.PENDING;
            }
        }
        if (transition != Transition.CHANGED && checker.spec().alwaysLogSuccess()) {
            checker.events().passed(host);
        }
        transition = clearPending(transition);
        transition = degrade(degraded, transition);
        stats.success.inc();
        conclude(transition, true);
        schedule(true, transition);
    }

    private Transition degrade(boolean degraded, Transition transition) {
        if (degraded == flags.has(Flag.DEGRADED_ACTIVE_HC)) {
            return transition;
        }
        flags.set(Flag.DEGRADED_ACTIVE_HC, degraded);
        checker.events().degraded(host, degraded);
        return transition == Transition.NONE ? Transition.CHANGED : transition;
    }

    /**
     * @param retriable counts towards the threshold although the host answered
     * @param status of the answer, 0 = none
     */
    void failed(FailureType why, boolean retriable, int status) {
        if (closed) {
            return;
        }
        Transition transition = setFailed(why, retriable, status);
        schedule(false, transition);
    }

    private Transition setFailed(FailureType why, boolean retriable, int status) {
        passedInRow = 0;
        Transition transition = Transition.NONE;
        if (!flags.has(Flag.FAILED_ACTIVE_HC)) {
            if ((!why.ofNetwork() && !retriable)
                    || ++failedInRow == checker.spec().unhealthyThreshold()) {
                flags.set(Flag.FAILED_ACTIVE_HC, true);
                transition = Transition.CHANGED;
                log.debug("health check failed ({}), host={}", why, host);
                checker.events().unhealthy(host, why, status);
            } else {
                transition = Transition.PENDING;
            }
        }
        flags.set(
                Flag.ACTIVE_HC_TIMEOUT,
                why == FailureType.NETWORK_TIMEOUT && flags.has(Flag.FAILED_ACTIVE_HC));
        transition = clearPending(transition);
        if (first || checker.spec().alwaysLogFailures()) {
            checker.events().failed(host, why, first, status);
        }
        stats.failure.inc();
        if (why.ofNetwork()) {
            stats.networkFailure.inc();
        } else if (why == FailureType.PASSIVE) {
            stats.passiveFailure.inc();
        }
        conclude(transition, false);
        return transition;
    }

    /** Until it passes again: the host asked to be left out. */
    void exclude() {
        flags.set(Flag.EXCLUDED_VIA_IMMEDIATE_HC_FAIL, true);
    }

    private Transition clearPending(Transition transition) {
        if (!flags.has(Flag.PENDING_ACTIVE_HC)) {
            return transition;
        }
        flags.set(Flag.PENDING_ACTIVE_HC, false);
        return Transition.CHANGED;
    }

    private void conclude(Transition transition, boolean passed) {
        first = false;
        count(!flags.has(Flag.FAILED_ACTIVE_HC), flags.has(Flag.DEGRADED_ACTIVE_HC));
        checker.checked(host, transition == Transition.CHANGED, passed);
    }

    private void schedule(boolean passed, Transition transition) {
        cancel(timeout);
        timeout = null;
        // What heard of the outcome may have removed the host.
        if (!closed) {
            next(checker.interval(passed, transition == Transition.PENDING));
        }
    }

    /** Keeps this session's share of the gauges. */
    private void count(boolean healthy, boolean degraded) {
        stats.healthy.add((healthy ? 1 : 0) - (countedHealthy ? 1 : 0));
        stats.degraded.add((degraded ? 1 : 0) - (countedDegraded ? 1 : 0));
        countedHealthy = healthy;
        countedDegraded = degraded;
    }

    @Override
    public void onImmediateFail() {
        host.set(Flag.EXCLUDED_VIA_IMMEDIATE_HC_FAIL, true);
        checker.cluster()
                .loop()
                .eventLoop()
                .execute(() -> {
                    if (!closed) {
                        exclude();
                        setFailed(FailureType.PASSIVE, false, 0);
                    }
                });
    }

    void close() {
        if (closed) {
            return;
        }
        closed = true;
        cancel(interval);
        cancel(timeout);
        probe.close();
        if (host.healthMonitor() == this) {
            host.healthMonitor(NONE);
        }
        boolean healthy = countedHealthy;
        count(false, false);
        if (first) {
            // Somebody may wait for a check that will never be.
            checker.checked(host, false, healthy);
        }
    }

    private static void cancel(@Nullable ScheduledFuture<?> armed) {
        if (armed != null) {
            armed.cancel(false);
        }
    }
}
