package dev.attache.server.overload;

import dev.attache.config.runtime.RuntimeValues;
import dev.attache.proxy.listener.ConnectionGate;
import dev.attache.proxy.listener.spec.ListenerSpec;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits on downstream connections: of one listener by runtime, of the process by runtime or
 * overload monitor. Shared by all workers; the price is one or two atomic adds per connection where
 * limits are set, none where they are not.
 */
public final class ConnectionLimits implements ConnectionGate {

    private static final String LISTENER_PREFIX = "envoy.resource_limits.listener.";
    private static final String PROCESS_KEY = "overload.global_downstream_max_connections";

    private record Limit(long max, AtomicLong open) {
        boolean tryTake() {
            if (open.incrementAndGet() <= max) {
                return true;
            }
            open.decrementAndGet();
            return false;
        }
    }

    private final RuntimeValues runtime;
    private final Limit process;
    private final Map<String, Limit> listeners = new ConcurrentHashMap<>();

    /**
     * @param monitored limit of the overload manager's {@code downstream_connections}; 0 = none
     */
    public ConnectionLimits(RuntimeValues runtime, long monitored) {
        this.runtime = runtime;
        long max = monitored > 0 ? monitored : runtime.integer(PROCESS_KEY).orElse(Long.MAX_VALUE);
        this.process = new Limit(max, new AtomicLong());
    }

    boolean limitsProcess() {
        return process.max != Long.MAX_VALUE;
    }

    /** Connections as a share of what the process may have. */
    public double pressure() {
        return (double) process.open.get() / process.max;
    }

    @Override
    public Verdict tryOpen(ListenerSpec listener) {
        Limit own = limit(listener);
        if (own.max != Long.MAX_VALUE && !own.tryTake()) {
            return Verdict.LISTENER_FULL;
        }
        if (counts(listener) && !process.tryTake()) {
            if (own.max != Long.MAX_VALUE) {
                own.open.decrementAndGet();
            }
            return Verdict.PROCESS_FULL;
        }
        return Verdict.ADMITTED;
    }

    @Override
    public void closed(ListenerSpec listener) {
        Limit own = limit(listener);
        if (own.max != Long.MAX_VALUE) {
            own.open.decrementAndGet();
        }
        if (counts(listener)) {
            process.open.decrementAndGet();
        }
    }

    @Override
    public void handedOver(ListenerSpec listener) {
        Limit own = limit(listener);
        if (own.max != Long.MAX_VALUE) {
            own.open.incrementAndGet();
        }
        if (counts(listener)) {
            process.open.incrementAndGet();
        }
    }

    private boolean counts(ListenerSpec listener) {
        return limitsProcess() && !listener.ignoreGlobalConnLimit();
    }

    private Limit limit(ListenerSpec listener) {
        Limit known = listeners.get(listener.name());
        return known != null ? known : listeners.computeIfAbsent(listener.name(), this::make);
    }

    private Limit make(String name) {
        long max =
                runtime.integer(LISTENER_PREFIX + name + ".connection_limit")
                        .orElse(Long.MAX_VALUE);
        return new Limit(max, new AtomicLong());
    }
}
