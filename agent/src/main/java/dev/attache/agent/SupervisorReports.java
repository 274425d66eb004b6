package dev.attache.agent;

import dev.attache.server.supervision.Supervisor;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the supervisor of this process that it is ready, once, and from then on that it turns: for
 * an agent whose proxy is another process, or none. The proxy in this process speaks for itself. On
 * a thread of its own, until it is closed. Source: sd_notify(3).
 */
final class SupervisorReports implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("agent");

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("supervisor").factory());
    private final Supervisor supervisor;
    private final BooleanSupplier ready;
    private boolean told;

    private SupervisorReports(Supervisor supervisor, BooleanSupplier ready) {
        this.supervisor = supervisor;
        this.ready = ready;
    }

    /**
     * Begins to look.
     *
     * @param ready may block
     * @param every how often it is asked until it is so
     */
    static SupervisorReports start(Supervisor supervisor, BooleanSupplier ready, Duration every) {
        SupervisorReports reports = new SupervisorReports(supervisor, ready);
        if (supervisor.listens()) {
            reports.thread.scheduleWithFixedDelay(
                    reports::look, 0, every.toMillis(), TimeUnit.MILLISECONDS);
        }
        return reports;
    }

    private void look() {
        try {
            if (!told && ready.getAsBoolean()) {
                told = true;
                supervisor.ready();
                supervisor.watch(thread, () -> true);
            }
        } catch (RuntimeException e) {
            LOG.warn("whether the agent is ready cannot be told: {}", String.valueOf(e));
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        supervisor.stopping();
    }
}
