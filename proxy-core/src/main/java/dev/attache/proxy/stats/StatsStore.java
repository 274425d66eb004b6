package dev.attache.proxy.stats;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All stats of the process by name. Made at start, lives as long as the process; any thread. Names
 * that the {@code stats_matcher} excludes get working stats that nobody lists. The lists also hold
 * what was {@linkplain Scope#declare declared} and not counted yet, as zeros.
 *
 * <p>What comes and goes with the configuration {@linkplain #hold holds} its prefix: with the last
 * holder the stats below it leave the lists, and a later holder starts at zero.
 *
 * <p>Longer than files here should be: a few lines for each way in which stats are found.
 */
public final class StatsStore {

    private final StatsRoom lasting;
    private final ConcurrentHashMap<String, StatsRoom> held = new ConcurrentHashMap<>();
    private final Predicate<String> wanted;
    private final IntervalHistograms intervals = new IntervalHistograms();
    private final Object expiryLock = new Object();
    private volatile int departures;
    private volatile int evictions;

    /** Of the prefixes that were ever held: no longer one has to be looked for. */
    private volatile int longestHeld;

    /** Counters of another process below prefixes that nobody holds yet. */
    private final Set<String> unclaimed = ConcurrentHashMap.newKeySet();

    private volatile boolean expiriesChanged;
    private long firstExpiry = StatsRoom.NEVER;

    public StatsStore() {
        this(name -> true);
    }

    /**
     * @param wanted {@code stats_config.stats_matcher}, compiled
     */
    public StatsStore(Predicate<String> wanted) {
        this.wanted = wanted;
        this.lasting = new StatsRoom(wanted, intervals);
    }

    /** One user of a prefix. Closing it more than once changes nothing. */
    public interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * The stats below {@code prefix} live until the last of those who hold it lets go. Hold first,
     * then make scopes of it. Takes a lock: for what changes with the configuration.
     *
     * @param prefix ends in a dot
     */
    public Hold hold(String prefix) {
        return hold(prefix, null);
    }

    /** What was continued below the prefix before it was held is counted on there. */
    private void claim(String prefix, StatsRoom room) {
        if (unclaimed.isEmpty()) {
            return;
        }
        unclaimed.removeIf(name -> {
            if (!name.startsWith(prefix)) {
                return false;
            }
            Counter early = lasting.remove(name);
            if (early != null) {
                room.counter(name).goOn(early.value());
            }
            return true;
        });
    }

    /**
     * Goes on from what the process before this one has counted, also where this one does not know
     * the counter yet.
     *
     * @param told how much of it whoever latches has been told there
     * @param grown how much not
     */
    public void continueCounter(String name, long told, long grown) {
        synchronized (held) {
            // Nobody may begin to hold the prefix between the look for its room and what is noted.
            StatsRoom room = room(name);
            if (room == lasting && room.listedCounter(name) == null) {
                unclaimed.add(name);
            }
            Counter counter = room.counter(name);
            counter.add(grown);
            if (told != 0) {
                counter.goOn(told);
            }
        }
    }

    /**
     * As {@link #hold(String)}, with a matcher for the prefix in place of that of the process.
     *
     * @param own null = as before, which is that of the process for the first holder
     */
    public Hold hold(String prefix, @Nullable Predicate<String> own) {
        String clean = sanitize(prefix);
        synchronized (held) {
            longestHeld = Math.max(longestHeld, clean.length());
            StatsRoom room = held.computeIfAbsent(clean, p -> new StatsRoom(wanted, intervals));
            claim(clean, room);
            room.holders++;
            if (own != null) {
                room.want(own);
            }
        }
        AtomicBoolean closed = new AtomicBoolean();
        return () -> {
            if (closed.compareAndSet(false, true)) {
                release(clean);
            }
        };
    }

    /**
     * As {@link #hold(String)}, and what is not used between two {@linkplain #evictUnused
     * evictions} leaves the lists before (Envoy's evictable scopes).
     */
    public Hold evictable(String prefix) {
        Hold hold = hold(prefix);
        room(sanitize(prefix)).evictable();
        return hold;
    }

    /**
     * Ends an interval of {@code stats_eviction_interval}: of {@linkplain #evictable evictable}
     * stats those leave that nobody has used since this was called last. Whoever keeps cells of
     * such sees by {@link #evictions} that he has to look them up again.
     */
    public void evictUnused() {
        boolean any = false;
        for (StatsRoom room : held.values()) {
            any |= room.evictUnused();
        }
        if (any) {
            synchronized (held) {
                evictions++;
            }
        }
    }

    /** Changes whenever stats were evicted. */
    public int evictions() {
        return evictions;
    }

    private void release(String clean) {
        synchronized (held) {
            StatsRoom room = held.get(clean);
            if (room != null && --room.holders == 0) {
                held.remove(clean);
                departures++;
                if (room.hasExpiries()) {
                    expiriesChanged = true;
                }
            }
        }
    }

    public Scope scope(String prefix) {
        String clean = sanitize(prefix);
        return new Scope(this, room(clean), clean);
    }

    public Counter counter(String name) {
        return room(name).counter(name);
    }

    /** The counter that is listed under a name, or null. */
    public @Nullable Counter listedCounter(String name) {
        return room(name).listedCounter(name);
    }

    /** The gauge that is listed under a name, or null. */
    public @Nullable Gauge listedGauge(String name) {
        return room(name).listedGauge(name);
    }

    /** The histogram that is listed under a name, or null. */
    public @Nullable Histogram listedHistogram(String name) {
        return room(name).listedHistogram(name);
    }

    public Gauge gauge(String name) {
        return room(name).gauge(name);
    }

    public Histogram histogram(String name, Histogram.Unit unit) {
        return room(name).histogram(name, unit);
    }

    public TextReadout textReadout(String name) {
        return room(name).textReadout(name);
    }

    /** The labels that a stat was given by whoever made it. */
    public StatLabels labels(String name) {
        return room(name).labels(name);
    }

    /**
     * Changes whenever the stats below a prefix leave, so that whoever keeps cells of prefixes that
     * are not his own knows when to look them up again.
     */
    public int departures() {
        return departures;
    }

    /**
     * Ends a stats interval: at the price of the histograms that were recorded to during it or the
     * one before.
     */
    public void flushIntervals() {
        intervals.flush();
    }

    /**
     * The earliest of the moments that {@link Scope#expires} told of, in seconds since 1970; none:
     * nothing expires. Looks at them only when one of them has changed.
     */
    public OptionalLong firstExpiry() {
        synchronized (expiryLock) {
            if (expiriesChanged) {
                expiriesChanged = false;
                long first = lasting.firstExpiry();
                for (StatsRoom room : held.values()) {
                    first = Math.min(first, room.firstExpiry());
                }
                firstExpiry = first;
            }
            return firstExpiry == StatsRoom.NEVER
                    ? OptionalLong.empty()
                    : OptionalLong.of(firstExpiry);
        }
    }

    void expiryChanged() {
        expiriesChanged = true;
    }

    /** That of the longest held prefix of {@code name}. */
    private StatsRoom room(String name) {
        for (int dot = name.lastIndexOf('.', longestHeld - 1);
                dot > 0 && !held.isEmpty();
                dot = name.lastIndexOf('.', dot - 1)) {
            StatsRoom room = held.get(name.substring(0, dot + 1));
            if (room != null) {
                return room;
            }
        }
        return lasting;
    }

    /**
     * The matcher has changed: what it does not want any more leaves the lists. For the start, when
     * some stats are older than the configuration that says which are wanted.
     */
    public void forgetUnwanted() {
        lasting.forgetUnwanted();
        held.values().forEach(StatsRoom::forgetUnwanted);
    }

    public Collection<Counter> counters() {
        return list(StatsRoom::listCounters);
    }

    public Collection<Gauge> gauges() {
        return list(StatsRoom::listGauges);
    }

    public Collection<Histogram> histograms() {
        return list(StatsRoom::listHistograms);
    }

    public Collection<TextReadout> textReadouts() {
        return list(StatsRoom::listTextReadouts);
    }

    /** Those that were ever counted; what is only declared is not. */
    public List<Counter> countersInUse() {
        return list((room, all) -> room.listUsed(room.counting(), all));
    }

    /** Those that were ever set. */
    public List<Gauge> gaugesInUse() {
        return list((room, all) -> room.listUsed(room.measuring(), all));
    }

    /** Those that were ever recorded to. */
    public List<Histogram> histogramsInUse() {
        return list((room, all) -> room.listUsed(room.recording(), all));
    }

    /**
     * Those counters that were ever counted whose names begin with a text. What is held under
     * another prefix is not looked at: thousands of clusters cost one comparison each.
     */
    public List<Counter> countersInUse(String prefix) {
        return inUse(prefix, StatsRoom::counting);
    }

    /** As {@link #countersInUse(String)}, of gauges that were ever set. */
    public List<Gauge> gaugesInUse(String prefix) {
        return inUse(prefix, StatsRoom::measuring);
    }

    private <T extends Stat> List<T> inUse(String prefix, Function<StatsRoom, Collection<T>> kind) {
        List<T> found = new ArrayList<>();
        lasting.listUsed(prefix, kind.apply(lasting), found);
        held.forEach((root, room) -> {
            if (root.startsWith(prefix) || prefix.startsWith(root)) {
                room.listUsed(prefix, kind.apply(room), found);
            }
        });
        return found;
    }

    /** From now on {@code listener} hears of every value of every histogram. */
    public void samples(SampleListener listener) {
        intervals.samples = listener;
    }

    private <T> List<T> list(BiConsumer<StatsRoom, List<T>> lister) {
        List<T> all = new ArrayList<>();
        lister.accept(lasting, all);
        held.values().forEach(room -> lister.accept(room, all));
        return all;
    }

    /**
     * Envoy's {@code sanitizeStatsName}: {@code ://} and {@code :/} and {@code :} become {@code _}.
     */
    public static String sanitize(String name) {
        return name.indexOf(':') < 0
                ? name
                : name.replace("://", "_").replace(":/", "_").replace(':', '_');
    }
}
