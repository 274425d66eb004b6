package dev.attache.iptables.guard;

import dev.attache.iptables.guard.Verdict.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Counts refusals and says each kind once a minute: one line per reason and target, with the number
 * of those it did not mention. Safe from every thread; shared writes only happen on refusal.
 */
public final class Refusals {
    private static final long QUIET_NANOS = 60_000_000_000L;
    private static final int MOST_TARGETS = 1024;

    private final Consumer<String> errors;
    private final LongSupplier nanos;
    private final Map<Reason, AtomicLong> counts = new EnumMap<>(Reason.class);
    private final ConcurrentHashMap<String, Kind> kinds = new ConcurrentHashMap<>();

    /**
     * Starts at zero.
     *
     * @param errors takes an error line
     * @param nanos a monotonic clock
     */
    public Refusals(Consumer<String> errors, LongSupplier nanos) {
        this.errors = errors;
        this.nanos = nanos;
        for (Reason reason : Reason.values()) {
            counts.put(reason, new AtomicLong());
        }
    }

    /** When a kind was last mentioned and how many were not since. */
    private record Kind(AtomicLong mentioned, AtomicLong silent) {}

    void add(Reason reason, String target, String text) {
        counter(reason).incrementAndGet();
        if (kinds.size() >= MOST_TARGETS) {
            kinds.clear();
        }
        long now = nanos.getAsLong();
        Kind fresh = new Kind(new AtomicLong(now), new AtomicLong());
        Kind kind = kinds.putIfAbsent(reason + " " + target, fresh);
        if (kind == null) {
            errors.accept(text);
            return;
        }
        long last = kind.mentioned.get();
        if (now - last >= QUIET_NANOS && kind.mentioned.compareAndSet(last, now)) {
            errors.accept(text + " (and " + kind.silent.getAndSet(0) + " more since)");
        } else {
            kind.silent.incrementAndGet();
        }
    }

    /** How many were refused for this reason. */
    public long count(Reason reason) {
        return counter(reason).get();
    }

    /** The map is complete since the constructor and never written again. */
    private AtomicLong counter(Reason reason) {
        return Objects.requireNonNull(counts.get(reason));
    }

    /** How many were refused in all. */
    public long total() {
        long total = 0;
        for (AtomicLong count : counts.values()) {
            total += count.get();
        }
        return total;
    }
}
