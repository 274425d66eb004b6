package dev.attache.agent.health;

import dev.attache.agent.environment.Environment;
import dev.attache.agent.health.Probe.UnwellException;
import dev.attache.agent.mesh.ProxyConfig;
import dev.attache.agent.relay.Health;
import dev.attache.agent.report.AgentReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the application in turn and reports each change of its state, not each answer. While the
 * proxy is not ready the application is not, either. Runs on a thread of its own; closing it ends
 * that.
 */
public final class AppHealth implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("agent.healthcheck");

    private final Probe probe;
    private final Supplier<@Nullable String> proxy;
    private final Consumer<Health> reports;
    private final Thresholds thresholds;
    private final Duration delay;
    private final Duration limit;
    private final Duration period;
    private @Nullable Thread thread;
    private volatile AgentReport.@Nullable Application state;

    private AppHealth(
            ProbeReader reader, Supplier<@Nullable String> proxy, Consumer<Health> reports) {
        this.probe = reader.probe();
        this.proxy = proxy;
        this.reports = reports;
        this.thresholds =
                new Thresholds(
                        reader.seconds("successThreshold", 1),
                        reader.seconds("failureThreshold", 1));
        this.delay = Duration.ofSeconds(reader.seconds("initialDelaySeconds", 0));
        this.limit = Duration.ofSeconds(reader.seconds("timeoutSeconds", 1));
        this.period = Duration.ofSeconds(reader.seconds("periodSeconds", 10));
    }

    /**
     * That of a configuration; null where it has no probe.
     *
     * @param addresses of the node, the first is where the application is asked
     * @param proxy why the proxy is not ready, null if it is; may block
     * @param reports takes changes
     * @throws IllegalArgumentException if the probe cannot be asked, with the field's name
     */
    public static @Nullable AppHealth of(
            ProxyConfig config,
            Environment environment,
            List<String> addresses,
            Supplier<@Nullable String> proxy,
            Consumer<Health> reports) {
        Map<String, Object> tree = config.readinessProbe();
        if (tree == null) {
            return null;
        }
        boolean local =
                addresses.isEmpty()
                        || environment.truth("REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION", false);
        boolean v6 = !addresses.isEmpty() && addresses.stream().allMatch(a -> a.contains(":"));
        String host = local ? "localhost" : addresses.getFirst();
        return new AppHealth(new ProbeReader(tree, host, v6), proxy, reports);
    }

    /** Begins to ask, after the delay that is configured. Returns at once. */
    public synchronized void start() {
        LOG.info("starting health check for {} in {}", probe, delay);
        thread = Thread.ofVirtual().name("application-health").start(this::run);
    }

    /** What was reported last, null before the first. Any thread. */
    public AgentReport.@Nullable Application state() {
        return state;
    }

    private void run() {
        try {
            Thread.sleep(delay);
            long next = System.nanoTime();
            while (true) {
                ask();
                next += period.toNanos();
                long wait = next - System.nanoTime();
                if (wait > 0) {
                    Thread.sleep(Duration.ofNanos(wait));
                } else {
                    next -= wait; // what was missed is not caught up with
                }
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask() throws InterruptedException {
        try {
            String unready = proxy.get();
            if (unready != null) {
                throw new UnwellException(unready);
            }
            probe.ask(limit);
            report(thresholds.success());
        } catch (UnwellException e) {
            LOG.debug("probe completed with unhealthy status: {}", e.getMessage());
            failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("the application cannot be asked", e);
            failed(String.valueOf(e.getMessage()));
        }
    }

    /** The control plane hears of changes, whoever asks here hears the last reason. */
    private void failed(String why) {
        report(thresholds.failure(why));
        AgentReport.Application last = state;
        if (last != null && !last.healthy()) {
            state = new AgentReport.Application(false, last.since(), why);
        }
    }

    private void report(@Nullable Health change) {
        if (change != null) {
            LOG.info(
                    change.well()
                            ? "success threshold hit, marking as healthy"
                            : "failure threshold hit, marking as unhealthy: {}",
                    change.reason());
            state = new AgentReport.Application(change.well(), Instant.now(), change.reason());
            reports.accept(change);
        }
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }
}
