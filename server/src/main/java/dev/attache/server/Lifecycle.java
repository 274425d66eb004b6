package dev.attache.server;

import dev.attache.proxy.listener.DrainControl;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    private volatile @Nullable String failure;
    private volatile @Nullable Duration initialization;

    Lifecycle(StatsStore stats, DrainControl drain) {
        this.drain = drain;
        Scope scope = stats.scope("server.");
        stateGauge = scope.gauge("state");
        liveGauge = scope.gauge("live");
        publish();
    }

    void initializing() {
        state = ServerState.INITIALIZING;
        publish();
    }

    void live() {
        state = ServerState.LIVE;
        initialization = uptime();
        publish();
        settled.countDown();
    }

    void failed(String reason) {
        failure = reason;
        settled.countDown();
    }

    /** {@code /healthcheck/fail} and {@code /healthcheck/ok}. */
    public void healthCheckFailed(boolean failed) {
        drain.healthFailed(failed);
        publish();
    }

    public boolean healthCheckFailed() {
        return drain.healthFailed();
    }

    /**
     * As {@code /ready} and {@code /server_info} tell it: a live server whose health failed drains.
     */
    public ServerState state() {
        return state == ServerState.LIVE && drain.healthFailed() ? ServerState.DRAINING : state;
    }

    /** When the process began to serve as this server. */
    public Instant started() {
        return started;
    }

    public Duration uptime() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
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

    private void publish() {
        stateGauge.set(state.number());
        liveGauge.set(state() == ServerState.LIVE ? 1 : 0);
    }
}
