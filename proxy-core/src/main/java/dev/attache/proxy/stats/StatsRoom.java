package dev.attache.proxy.stats;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The stats that live and die together: those below one {@linkplain StatsStore#hold held} prefix,
 * or all others. A room whose last holder has gone still counts for whoever has a cell of it, but
 * nobody lists it any more. Any thread.
 */
final class StatsRoom {

    /** In place of a moment: nothing expires. */
    static final long NEVER = Long.MAX_VALUE;

    private final ConcurrentHashMap<String, Counter> counters = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Gauge> gauges = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Histogram> histograms = new ConcurrentHashMap<>(2);
    private final ConcurrentHashMap<String, TextReadout> textReadouts = new ConcurrentHashMap<>(2);
    private final ConcurrentHashMap<String, List<StatFamily.Declared>> declared =
            new ConcurrentHashMap<>(2);
    private final ConcurrentHashMap<String, Long> expiries = new ConcurrentHashMap<>(2);
    private final ConcurrentHashMap<String, StatLabels> labels = new ConcurrentHashMap<>(2);
    private volatile Predicate<String> wanted;
    private final IntervalHistograms intervals;
    private volatile boolean evictable;

    /** Of the names that labels are kept of. */
    private final AtomicLong labelledText = new AtomicLong();

    /** Guarded by the store. */
    int holders;

    StatsRoom(Predicate<String> wanted, IntervalHistograms intervals) {
        this.wanted = wanted;
        this.intervals = intervals;
    }

    /** What is not wanted any more leaves the lists; what is, enters them when next looked up. */
    void want(Predicate<String> others) {
        wanted = others;
        forgetUnwanted();
    }

    Counter counter(String name) {
        Counter known = counters.get(name);
        if (known != null) {
            return known;
        }
        return wanted.test(name) ? counters.computeIfAbsent(name, Counter::new) : new Counter(name);
    }

    @Nullable Counter remove(String counter) {
        return counters.remove(counter);
    }

    @Nullable Counter listedCounter(String name) {
        return counters.get(name);
    }

    @Nullable Gauge listedGauge(String name) {
        return gauges.get(name);
    }

    @Nullable Histogram listedHistogram(String name) {
        return histograms.get(name);
    }

    Gauge gauge(String name) {
        Gauge known = gauges.get(name);
        if (known != null) {
            return known;
        }
        return wanted.test(name) ? gauges.computeIfAbsent(name, Gauge::new) : new Gauge(name);
    }

    Histogram histogram(String name, Histogram.Unit unit) {
        Histogram known = histograms.get(name);
        if (known != null) {
            return known;
        }
        return wanted.test(name)
                ? histograms.computeIfAbsent(name, n -> new Histogram(n, unit, intervals))
                : new Histogram(name, unit, intervals);
    }

    TextReadout textReadout(String name) {
        TextReadout known = textReadouts.get(name);
        if (known != null) {
            return known;
        }
        return wanted.test(name)
                ? textReadouts.computeIfAbsent(name, TextReadout::new)
                : new TextReadout(name);
    }

    /** What was given to a stat beside its name. */
    StatLabels labels(String name) {
        return labels.isEmpty() ? StatLabels.NONE : labels.getOrDefault(name, StatLabels.NONE);
    }

    void label(String name, StatLabels given) {
        if (!given.labels().isEmpty() && wanted.test(name) && labels.put(name, given) == null) {
            labelledText.addAndGet(name.length());
        }
    }

    void expires(String name, long unixSeconds) {
        expiries.put(name, unixSeconds);
    }

    boolean hasExpiries() {
        return !expiries.isEmpty();
    }

    long firstExpiry() {
        long first = NEVER;
        if (hasExpiries()) {
            for (long expiry : expiries.values()) {
                first = Math.min(first, expiry);
            }
        }
        return first;
    }

    void declare(String prefix, StatFamily family) {
        List<StatFamily.Declared> families =
                declared.computeIfAbsent(prefix, p -> new CopyOnWriteArrayList<>());
        if (families.stream().noneMatch(known -> known.is(family))) {
            families.add(new StatFamily.Declared(prefix, family));
        }
    }

    /** From now on {@link #evictUnused} takes what nobody uses. */
    void evictable() {
        evictable = true;
    }

    /** How many stats there are, those that are declared alone aside. */
    long size() {
        return counters.mappingCount() + gauges.mappingCount() + histograms.mappingCount();
    }

    long labelledText() {
        return labelledText.get();
    }

    boolean lists(String name) {
        return counters.containsKey(name)
                || histograms.containsKey(name)
                || gauges.containsKey(name);
    }

    /**
     * What was not used since this was called last leaves the lists.
     *
     * @return whether anything has
     */
    boolean evictUnused() {
        boolean any = evictable && evict(counters, Counter::markUnused);
        any |= evictable && evict(gauges, Gauge::markUnused);
        any |= evictable && evict(histograms, Histogram::markUnused);
        return any;
    }

    private <T extends Stat> boolean evict(
            ConcurrentHashMap<String, T> stats, Consumer<T> markUnused) {
        return stats.entrySet()
                .removeIf(entry -> {
                    if (entry.getValue().used()) {
                        markUnused.accept(entry.getValue());
                        return false;
                    }
                    if (labels.remove(entry.getKey()) != null) {
                        labelledText.addAndGet(-entry.getKey().length());
                    }
                    return true;
                });
    }

    void forgetUnwanted() {
        Predicate<String> unwanted = wanted.negate();
        counters.keySet().removeIf(unwanted);
        gauges.keySet().removeIf(unwanted);
        histograms.keySet().removeIf(unwanted);
        textReadouts.keySet().removeIf(unwanted);
    }

    void listCounters(List<Counter> out) {
        list(out, counters, StatFamily.Kind.COUNTER, (name, unit) -> new Counter(name));
    }

    void listGauges(List<Gauge> out) {
        list(out, gauges, StatFamily.Kind.GAUGE, (name, unit) -> new Gauge(name));
    }

    void listHistograms(List<Histogram> out) {
        list(
                out,
                histograms,
                StatFamily.Kind.HISTOGRAM,
                (name, unit) -> new Histogram(name, unit, intervals));
    }

    void listTextReadouts(List<TextReadout> out) {
        list(out, textReadouts, StatFamily.Kind.TEXT, (name, unit) -> new TextReadout(name));
    }

    Collection<Counter> counting() {
        return counters.values();
    }

    Collection<Gauge> measuring() {
        return gauges.values();
    }

    Collection<Histogram> recording() {
        return histograms.values();
    }

    <T extends Stat> void listUsed(Collection<T> all, List<T> out) {
        listUsed("", all, out);
    }

    <T extends Stat> void listUsed(String prefix, Collection<T> all, List<T> out) {
        for (T stat : all) {
            if (stat.name().startsWith(prefix) && stat.used()) {
                out.add(stat);
            }
        }
    }

    /** Those that count, and for each declared name without one a zero that nobody keeps. */
    private <T extends Stat> void list(
            List<T> out,
            Map<String, T> counting,
            StatFamily.Kind kind,
            BiFunction<String, Histogram.Unit, T> zero) {
        out.addAll(counting.values());
        for (List<StatFamily.Declared> families : new ArrayList<>(declared.values())) {
            for (StatFamily.Declared family : families) {
                family.each(
                        kind,
                        wanted,
                        (name, unit) -> {
                            if (!counting.containsKey(name)) {
                                out.add(zero.apply(name, unit));
                            }
                        });
            }
        }
    }
}
