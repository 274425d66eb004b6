package dev.attache.server.lifecycle;

import dev.attache.proxy.listener.DrainControl;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the server stands between its first and its last moment. Written by the main loop, read and
 * awaited by any thread.
 */
public final class Lifecycle {

    private final DrainControl drain;
    private final Gauge stateGauge;
    private final Gauge liveGauge;
    private final long startNanos = System.nanoTime();
    private final Instant started = Instant.now();
    private final CountDownLatch settled = new CountDownLatch(1);
    private volatile ServerState state = ServerState.PRE_INITIALIZING;
    private volatile BooleanSupplier workersTurn = () -> true;
    private volatile @Nullable String failure;
    private volatile @Nullable Duration initialization;
    private volatile Instant firstEpoch = started;
    private volatile String restartVersion = "disabled";

    public Lifecycle(StatsStore stats, DrainControl drain) {
        this.drain = drain;
        Scope scope = stats.scope("server.");
        stateGauge = scope.gauge("state");
        liveGauge = scope.gauge("live");
        publish();
    }

    public void initializing() {
        state = ServerState.INITIALIZING;
        publish();
    }

    public void live() {
        state = ServerState.LIVE;
        initialization = uptime();
        publish();
        settled.countDown();
    }

    public void failed(String reason) {
        failure = reason;
        settled.countDown();
        publish();
    }

    /** {@code /healthcheck/fail} and {@code /healthcheck/ok}. */
    public void healthCheckFailed(boolean failed) {
        drain.healthFailed(failed);
        publish();
    }

    public boolean healthCheckFailed() {
        return drain.healthFailed();
    }

    /** Whether all workers turn their loops: one that does not leaves its connections alone. */
    public void workersTurn(BooleanSupplier turning) {
        workersTurn = turning;
    }

    /**
     * As {@code /ready} and {@code /server_info} tell it: a live server drains whose health failed,
     * that has failed since, is asked to end, or has a worker which does not work.
     */
    public ServerState state() {
        boolean serves =
                failure == null
                        && !drain.healthFailed()
                        && !drain.shuttingDown()
                        && workersTurn.getAsBoolean();
        return state == ServerState.LIVE && !serves ? ServerState.DRAINING : state;
    }

    /** Whether it was asked to end, and lets finish what runs. */
    public boolean ending() {
        return drain.shuttingDown();
    }

    /** When the process began to serve as this server. */
    public Instant started() {
        return started;
    }

    public Duration uptime() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /**
     * The process is one of a row.
     *
     * @param unixSeconds in which the first of them began; 0: this is the first
     * @param version of the protocol between them
     */
    public void inRow(long unixSeconds, String version) {
        if (unixSeconds != 0) {
            firstEpoch = Instant.ofEpochSecond(unixSeconds);
        }
        restartVersion = version;
    }

    /** When the first process of the row began. */
    public Instant firstEpoch() {
        return firstEpoch;
    }

    /** Since then. */
    public Duration uptimeOfAll() {
        return firstEpoch.equals(started) ? uptime() : Duration.between(firstEpoch, Instant.now());
    }

    /** {@code hot_restart_version} of {@code /server_info}. */
    public String restartVersion() {
        return restartVersion;
    }

    /** How long it took to become live, or null. */
    public @Nullable Duration initialization() {
        return initialization;
    }

    /** Why the server could not start, or null. */
    public @Nullable String failure() {
        return failure;
    }

    /** Waits until the server is live (true), has failed to start or the time is up (false). */
    public boolean awaitLive(Duration limit) throws InterruptedException {
        return settled.await(limit.toNanos(), TimeUnit.NANOSECONDS) && failure == null;
    }

    /**
     * Sets {@code server.state} and {@code server.live}; as in Envoy the former does not know of
     * failed health.
     */
    void publish() {
        stateGauge.set(state.number());
        liveGauge.set(state() == ServerState.LIVE ? 1 : 0);
    }
}
