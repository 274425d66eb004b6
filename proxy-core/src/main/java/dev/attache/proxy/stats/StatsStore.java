package dev.attache.proxy.stats;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/**
 * All stats of the process by name. Made at start, lives as long as the process; any thread. Names
 * that the {@code stats_matcher} excludes get working stats that nobody lists. The lists also hold
 * what was {@linkplain Scope#declare declared} and not counted yet, as zeros.
 */
public final class StatsStore {

    private final ConcurrentHashMap<String, Counter> counters = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Gauge> gauges = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Histogram> histograms = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, TextReadout> textReadouts = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, List<StatFamily.Declared>> declared =
            new ConcurrentHashMap<>();
    private final Predicate<String> wanted;

    public StatsStore() {
        this(name -> true);
    }

    /**
     * @param wanted {@code stats_config.stats_matcher}, compiled
     */
    public StatsStore(Predicate<String> wanted) {
        this.wanted = wanted;
    }

    public Scope scope(String prefix) {
        return new Scope(this, sanitize(prefix));
    }

    public Counter counter(String name) {
        Counter known = counters.get(name);
        if (known != null) {
            return known;
        }
        return wanted.test(name) ? counters.computeIfAbsent(name, Counter::new) : new Counter(name);
    }

    public Gauge gauge(String name) {
        Gauge known = gauges.get(name);
        if (known != null) {
            return known;
        }
        return wanted.test(name) ? gauges.computeIfAbsent(name, Gauge::new) : new Gauge(name);
    }

    public Histogram histogram(String name, Histogram.Unit unit) {
        Histogram known = histograms.get(name);
        if (known != null) {
            return known;
        }
        return wanted.test(name)
                ? histograms.computeIfAbsent(name, n -> new Histogram(n, unit))
                : new Histogram(name, unit);
    }

    public TextReadout textReadout(String name) {
        TextReadout known = textReadouts.get(name);
        if (known != null) {
            return known;
        }
        return wanted.test(name)
                ? textReadouts.computeIfAbsent(name, TextReadout::new)
                : new TextReadout(name);
    }

    void declare(String prefix, StatFamily family) {
        List<StatFamily.Declared> families =
                declared.computeIfAbsent(prefix, p -> new CopyOnWriteArrayList<>());
        if (families.stream().noneMatch(known -> known.is(family))) {
            families.add(new StatFamily.Declared(prefix, family));
        }
    }

    public Collection<Counter> counters() {
        return listed(counters, StatFamily.Kind.COUNTER, (name, unit) -> new Counter(name));
    }

    public Collection<Gauge> gauges() {
        return listed(gauges, StatFamily.Kind.GAUGE, (name, unit) -> new Gauge(name));
    }

    public Collection<Histogram> histograms() {
        return listed(histograms, StatFamily.Kind.HISTOGRAM, Histogram::new);
    }

    public Collection<TextReadout> textReadouts() {
        return listed(textReadouts, StatFamily.Kind.TEXT, (name, unit) -> new TextReadout(name));
    }

    /** Those that count, and for each declared name without one a zero that nobody keeps. */
    private <T extends Stat> Collection<T> listed(
            Map<String, T> counting,
            StatFamily.Kind kind,
            BiFunction<String, Histogram.Unit, T> zero) {
        if (declared.isEmpty()) {
            return counting.values();
        }
        List<T> all = new ArrayList<>(counting.values());
        for (List<StatFamily.Declared> families : declared.values()) {
            for (StatFamily.Declared family : families) {
                family.each(
                        kind,
                        wanted,
                        (name, unit) -> {
                            if (!counting.containsKey(name)) {
                                all.add(zero.apply(name, unit));
                            }
                        });
            }
        }
        return all;
    }

    /**
     * Forgets every stat that starts with {@code prefix}: its owner (a cluster, a listener) is
     * gone.
     */
    public void removeScope(String prefix) {
        String clean = sanitize(prefix);
        counters.keySet().removeIf(name -> name.startsWith(clean));
        gauges.keySet().removeIf(name -> name.startsWith(clean));
        histograms.keySet().removeIf(name -> name.startsWith(clean));
        textReadouts.keySet().removeIf(name -> name.startsWith(clean));
        declared.keySet().removeIf(name -> name.startsWith(clean));
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
