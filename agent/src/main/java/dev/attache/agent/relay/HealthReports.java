package dev.attache.agent.relay;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the control plane how the workload is: at once where there is a stream, and again at the
 * start of each stream. Only changes should be reported. Any thread.
 */
public final class HealthReports {

    private volatile @Nullable Health last;
    private final Consumer<Health> connected;

    /**
     * @param connected hands a report to the stream there is, if there is one
     */
    HealthReports(Consumer<Health> connected) {
        this.connected = connected;
    }

    /** The workload's state has changed. */
    public void report(Health health) {
        last = health;
        connected.accept(health);
    }

    /** What was reported last, or null for nothing yet. */
    public @Nullable Health last() {
        return last;
    }
}
