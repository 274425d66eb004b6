package dev.attache.agent.dataplane;

import dev.attache.agent.environment.GoDuration;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proxy's life under the agent, with the exits and words of pilot-agent ({@code
 * pkg/envoy/agent.go}): it ends by itself; {@code /quitquitquit} ends it without drain; a signal
 * drains it first; after {@code /drain} a signal ends it at once. Any thread.
 */
public final class ProxySupervision {

    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final Duration CHECK = Duration.ofSeconds(1);
    private static final int MOST_FAILURES = 4;

    /**
     * How it drains.
     *
     * @param sidecar only inbound listeners are drained
     * @param termination how long after a signal, where connections are not counted
     * @param minimum how long at least, where they are
     * @param exitOnZero ends when nobody is connected any more
     */
    public record Draining(
            boolean sidecar, Duration termination, Duration minimum, boolean exitOnZero) {}

    /** Where it is on its way. */
    public enum Phase {
        SERVING,
        DRAINING,
        TERMINATING
    }

    private final DataPlane proxy;
    private final Draining draining;
    private final ActiveConnections connections;
    private final CompletableFuture<String> asked = new CompletableFuture<>();
    private volatile Phase phase = Phase.SERVING;
    private volatile @Nullable Instant leaving;
    private volatile boolean skipDrain;

    public ProxySupervision(DataPlane proxy, Draining draining, ActiveConnections connections) {
        this.proxy = proxy;
        this.draining = draining;
        this.connections = connections;
    }

    /**
     * Starts the proxy and returns when it has ended. Whatever else ends this, ends the proxy.
     *
     * @throws IOException if it cannot be started
     * @throws InterruptedException the proxy has been ended
     */
    public void run() throws IOException, InterruptedException {
        LOG.info("Starting proxy agent");
        boolean orderly = false;
        try {
            supervise();
            orderly = true;
        } finally {
            if (!orderly) {
                proxy.kill();
            }
        }
    }

    private void supervise() throws IOException, InterruptedException {
        proxy.start();
        try {
            CompletableFuture.anyOf(proxy.ended(), asked).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        DataPlane.Ended early = proxy.ended().getNow(null);
        if (early != null) {
            ended(early);
            return;
        }
        enter(Phase.TERMINATING);
        terminate();
        LOG.info("Agent has successfully terminated");
    }

    private static void ended(DataPlane.Ended end) {
        if (end.reason().isEmpty()) {
            LOG.info("Envoy exited normally");
            return;
        }
        if (end.killed()) {
            LOG.warn("Envoy may have been out of memory killed. Check memory usage and limits.");
        }
        LOG.error("Envoy exited with error: {}", end.reason());
    }

    /** Has the proxy end; the first reason counts. Returns at once. */
    public void shutdown(String cause) {
        asked.complete(cause);
    }

    /** Why it was asked to end, or empty. */
    public String shutdownCause() {
        return asked.getNow("");
    }

    public Phase phase() {
        return phase;
    }

    /** Since when it does not serve as before, or null. */
    public @Nullable Instant leavingSince() {
        return leaving;
    }

    /** Goes on to a phase, never back to an earlier one. */
    private synchronized void enter(Phase next) {
        if (next.compareTo(phase) > 0) {
            phase = next;
            leaving = leaving == null ? Instant.now() : leaving;
        }
    }

    /** The end that is asked for next comes without drain. */
    public void disableDraining() {
        skipDrain = true;
    }

    /** Drains now and goes on; the end that is asked for next comes at once. */
    public void drainNow() {
        LOG.info("Agent draining proxy");
        enter(Phase.DRAINING);
        drain(true);
        disableDraining();
    }

    /** Of the proxy's listeners; -1 where it tells of none. */
    public int activeConnections() throws IOException {
        return connections.count();
    }

    private void drain(boolean skipExit) {
        try {
            proxy.drain(draining.sidecar(), skipExit);
        } catch (IOException e) {
            LOG.warn("Error in invoking drain listeners endpoint: {}", e.getMessage());
        }
    }

    private void terminate() throws InterruptedException {
        LOG.info("Agent draining Proxy for termination");
        if (skipDrain) {
            LOG.info("Agent already drained, exiting immediately");
            proxy.kill();
            return;
        }
        drain(false);
        boolean early = draining.exitOnZero() ? awaitZeroConnections() : awaitTermination();
        if (early) {
            return;
        }
        LOG.warn("Aborting proxy");
        proxy.kill();
        LOG.info("Envoy aborted normally");
        LOG.warn("Aborted proxy instance");
    }

    /** Whether the proxy has ended by itself meanwhile. */
    private boolean awaitTermination() throws InterruptedException {
        LOG.info(
                "Graceful termination period is {}, starting...",
                GoDuration.print(draining.termination()));
        if (endsWithin(draining.termination())) {
            return true;
        }
        LOG.info("Graceful termination period complete, terminating remaining proxies.");
        return false;
    }

    private boolean awaitZeroConnections() throws InterruptedException {
        LOG.info(
                "Agent draining proxy for {}, then waiting for active connections to terminate...",
                GoDuration.print(draining.minimum()));
        Thread.sleep(draining.minimum());
        LOG.info("Checking for active connections...");
        int failures = 0;
        while (!endsWithin(CHECK)) {
            try {
                int active = connections.count();
                failures = 0;
                if (active <= 0) {
                    LOG.info(
                            active == 0
                                    ? "There are no more active connections. terminating proxy..."
                                    : "downstream_cx_active are not available. This either means"
                                            + " there are no downstream connection established yet"
                                            + " or the stats are not enabled. Skipping active"
                                            + " connections check...");
                    return false;
                }
                LOG.info("There are still {} active connections", active);
            } catch (IOException e) {
                LOG.error("unable to get listener stats from Envoy : {}", e.getMessage());
                failures++;
                if (failures > MOST_FAILURES) {
                    LOG.warn(
                            "Graceful termination logic ended prematurely, error while obtaining"
                                    + " downstream_cx_active stat (Max retry {} exceeded)",
                            failures);
                    return false;
                }
                LOG.warn("Retrying ({} attempt) to obtain active connections...", failures);
            }
        }
        return true;
    }

    private boolean endsWithin(Duration time) throws InterruptedException {
        try {
            DataPlane.Ended end = proxy.ended().get(time.toNanos(), TimeUnit.NANOSECONDS);
            LOG.info("Envoy exited with status {}", end.reason());
            LOG.info(
                    "Graceful termination logic ended prematurely, envoy process terminated early");
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
