package dev.attache.agent.status;

import dev.attache.agent.dataplane.DataPlane;
import dev.attache.agent.environment.GoDuration;
import dev.attache.agent.metrics.AgentMetrics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the proxy has got its configuration, is live and has its workers, as its statistics say.
 * What was so once stays so; that it was asked to end is looked at each time. Any thread.
 */
public final class ProxyReadiness implements ReadinessCheck {

    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final Duration UPDATES_LIMIT = Duration.ofSeconds(1);
    private static final Duration STATE_LIMIT = Duration.ofSeconds(3);
    private static final String UPDATES =
            "/stats?usedonly&filter="
                    + "^(cluster_manager\\.cds|listener_manager\\.lds)"
                    + "\\.(update_success|update_rejected)$";
    private static final String STATE =
            "/stats?usedonly&filter=^(server\\.state|listener_manager\\.workers_started)";
    private static final String SERVER_STATE = "server.state";
    private static final String WORKERS = "listener_manager.workers_started";

    private final DataPlane proxy;
    private final Supplier<String> shutdownCause;
    private final AgentMetrics metrics;
    private final Instant started;
    private volatile boolean configured;
    private volatile boolean live;

    /**
     * @param shutdownCause why the agent was asked to end, empty while it was not
     * @param started when the process did, for {@code startup_duration_seconds}
     */
    public ProxyReadiness(
            DataPlane proxy,
            Supplier<String> shutdownCause,
            AgentMetrics metrics,
            Instant started) {
        this.proxy = proxy;
        this.shutdownCause = shutdownCause;
        this.metrics = metrics;
        this.started = started;
    }

    @Override
    public @Nullable String notReady() {
        try {
            String unconfigured = configured ? null : unconfigured();
            if (unconfigured != null) {
                return unconfigured;
            }
        } catch (IOException | IllegalArgumentException e) {
            return e.getMessage();
        }
        configured = true;
        String cause = shutdownCause.get();
        if (!cause.isEmpty()) {
            return "server is terminated: " + cause;
        }
        return live ? null : notLive();
    }

    private @Nullable String unconfigured() throws IOException {
        Map<String, Long> found = statistics(proxy.adminGet(UPDATES, UPDATES_LIMIT));
        long clusters = found.getOrDefault("cluster_manager.cds.update_success", 0L);
        long clustersRejected = found.getOrDefault("cluster_manager.cds.update_rejected", 0L);
        long listeners = found.getOrDefault("listener_manager.lds.update_success", 0L);
        long listenersRejected = found.getOrDefault("listener_manager.lds.update_rejected", 0L);
        if (clusters > 0 && listeners > 0) {
            return null;
        }
        String what =
                "cds updates: %d successful, %d rejected; lds updates: %d successful, %d rejected"
                        .formatted(clusters, clustersRejected, listeners, listenersRejected);
        if (clusters == 0 && listeners == 0) {
            return "config not received from XDS server (is Istiod running?): " + what;
        }
        return clustersRejected > 0 || listenersRejected > 0
                ? "config received from XDS server, but was rejected: " + what
                : "config not fully received from XDS server: " + what;
    }

    private @Nullable String notLive() {
        String text;
        Map<String, Long> found;
        try {
            text = proxy.adminGet(STATE, STATE_LIMIT);
            found = statistics(text);
        } catch (IOException | IllegalArgumentException e) {
            return "failed to get readiness stats: " + e.getMessage();
        }
        Long state = found.get(SERVER_STATE);
        Long workers = found.get(WORKERS);
        if (state == null || workers == null) {
            return "failed to get readiness stats: "
                    + (state == null ? SERVER_STATE : WORKERS)
                    + " is not yet updated: "
                    + text;
        }
        if (state != 0) {
            return "server is not live, current state is: " + stateName(state.intValue());
        }
        if (workers != 1) {
            return "workers have not yet started";
        }
        ready();
        return null;
    }

    private void ready() {
        live = true;
        Duration took = Duration.between(started, Instant.now());
        double seconds = took.toNanos() / 1e9;
        metrics.gauge(
                "startup_duration_seconds",
                "The time from the process starting to being marked ready.",
                null,
                "",
                () -> seconds);
        LOG.info("Readiness succeeded in {}", GoDuration.print(took));
    }

    private static String stateName(int state) {
        return switch (state) {
            case 1 -> "DRAINING";
            case 2 -> "PRE_INITIALIZING";
            case 3 -> "INITIALIZING";
            default -> "UNKNOWN";
        };
    }

    private static Map<String, Long> statistics(String text) {
        Map<String, Long> found = new HashMap<>();
        text.lines()
                .forEach(line -> {
                    int colon = line.indexOf(':');
                    if (colon < 0) {
                        throw new IllegalArgumentException(
                                "envoy stat missing separator. line:" + line);
                    }
                    found.put(
                            line.substring(0, colon),
                            Long.parseLong(line.substring(colon + 1).strip()));
                });
        return found;
    }
}
