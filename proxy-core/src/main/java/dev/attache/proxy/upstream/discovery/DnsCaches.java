package dev.attache.proxy.upstream.discovery;

import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.spec.DnsCacheSlot;
import dev.attache.proxy.upstream.spec.DnsCacheSpec;
import io.netty.channel.EventLoop;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Caches of names by their own names. Global: clusters and filters of one process that name a cache
 * share it, and have to say the same of it. A cache lives from its first lease to its last. Any
 * thread; nothing of it belongs on the way of a request.
 */
public final class DnsCaches {

    /**
     * Where caches live: the main loop, who asks name servers there, what is counted, and the
     * workers' clock in nanoseconds.
     */
    public record Surroundings(
            EventLoop main, NameResolver names, StatsStore stats, LongSupplier clock) {}

    private final Supplier<Surroundings> surroundings;
    private final Map<String, WeakReference<Slot>> slots = new HashMap<>();

    /**
     * @param surroundings asked for each cache that is made
     */
    public DnsCaches(Supplier<Surroundings> surroundings) {
        this.surroundings = surroundings;
    }

    /**
     * The slot of a cache, or null where the cache has other settings: as long as somebody serves
     * by it, or has been compiled to.
     */
    public synchronized @Nullable DnsCacheSlot slot(DnsCacheSpec spec) {
        slots.values().removeIf(each -> each.get() == null);
        WeakReference<Slot> reference = slots.get(spec.name());
        Slot known = reference == null ? null : reference.get();
        if (known != null && known.spec.equals(spec)) {
            return known;
        }
        if (known != null && !known.isAbandoned()) {
            return null;
        }
        Slot fresh = new Slot(spec, surroundings);
        slots.put(spec.name(), new WeakReference<>(fresh));
        return fresh;
    }

    /** Holds the cache of a slot, which is made now if nobody holds it. */
    public static Lease lease(DnsCacheSlot slot) {
        return ((Slot) slot).lease();
    }

    /** A hold on a cache, until closed. */
    public static final class Lease implements AutoCloseable {
        private final Slot slot;
        private final DnsCache cache;
        private boolean closed;

        private Lease(Slot slot, DnsCache cache) {
            this.slot = slot;
            this.cache = cache;
        }

        public DnsCache cache() {
            return cache;
        }

        @Override
        public void close() {
            synchronized (slot) {
                if (!closed) {
                    closed = true;
                    slot.release();
                }
            }
        }
    }

    private static final class Slot implements DnsCacheSlot {
        private final DnsCacheSpec spec;
        private final Supplier<Surroundings> surroundings;
        private @Nullable DnsCache cache;
        private int leases;
        private boolean used;

        Slot(DnsCacheSpec spec, Supplier<Surroundings> surroundings) {
            this.spec = spec;
            this.surroundings = surroundings;
        }

        @Override
        public DnsCacheSpec spec() {
            return spec;
        }

        synchronized boolean isAbandoned() {
            return used && leases == 0;
        }

        synchronized Lease lease() {
            DnsCache held = cache;
            if (held == null) {
                held = new DnsCache(spec, surroundings.get());
                cache = held;
                used = true;
            }
            leases++;
            return new Lease(this, held);
        }

        synchronized void release() {
            DnsCache held = cache;
            if (--leases == 0 && held != null) {
                cache = null;
                held.close();
            }
        }
    }
}
