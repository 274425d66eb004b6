package dev.attache.proxy.stats;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * All stats of the process by name. Made at start, lives as long as the process; any thread. Names
 * that the {@code stats_matcher} excludes get working stats that nobody lists.
 */
public final class StatsStore {

    private final ConcurrentHashMap<String, Counter> counters = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Gauge> gauges = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Histogram> histograms = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, TextReadout> textReadouts = new ConcurrentHashMap<>();
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

    public Collection<Counter> counters() {
        return counters.values();
    }

    public Collection<Gauge> gauges() {
        return gauges.values();
    }

    public Collection<Histogram> histograms() {
        return histograms.values();
    }

    public Collection<TextReadout> textReadouts() {
        return textReadouts.values();
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
