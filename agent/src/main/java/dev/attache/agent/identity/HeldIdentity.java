package dev.attache.agent.identity;

import dev.attache.agent.metrics.AgentMetrics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The identity that is in force, who wants to hear of the next, and how long it has. Any thread.
 */
final class HeldIdentity {

    private final AgentMetrics metrics;
    private final InstantSource clock;
    private final List<Consumer<Identity>> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable Identity current;

    HeldIdentity(AgentMetrics metrics, InstantSource clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    @Nullable Identity current() {
        return current;
    }

    /** Hears of the one that is there, and of each that follows. */
    void listen(Consumer<Identity> listener) {
        listeners.add(listener);
        Identity known = current;
        if (known != null) {
            listener.accept(known);
        }
    }

    /** From now on this one is in force; nobody has heard of it yet. */
    void hold(Identity fresh) {
        current = fresh;
        metrics.gauge(
                "cert_expiry_seconds",
                "The time remaining, in seconds, before the certificate chain will expire. "
                        + "A negative value indicates the cert is expired.",
                "resource_name",
                "default",
                () -> Duration.between(clock.instant(), fresh.expires()).toMillis() / 1000.0);
    }

    /** Tells those who listen of it. */
    void tell(Identity fresh) {
        listeners.forEach(listener -> listener.accept(fresh));
    }
}
