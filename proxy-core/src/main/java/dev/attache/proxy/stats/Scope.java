package dev.attache.proxy.stats;

/** A prefix of stat names, ending in a dot. Immutable. */
public final class Scope {

    private final StatsStore store;
    private final String prefix;

    Scope(StatsStore store, String prefix) {
        this.store = store;
        this.prefix = prefix;
    }

    public String prefix() {
        return prefix;
    }

    public StatsStore store() {
        return store;
    }

    public Scope scope(String suffix) {
        return new Scope(store, prefix + StatsStore.sanitize(suffix));
    }

    public Counter counter(String name) {
        return store.counter(prefix + name);
    }

    public Gauge gauge(String name) {
        return store.gauge(prefix + name);
    }

    public Histogram histogram(String name, Histogram.Unit unit) {
        return store.histogram(prefix + name, unit);
    }

    public TextReadout textReadout(String name) {
        return store.textReadout(prefix + name);
    }

    /** From now on the family's names are listed below this prefix, with zeros until counted. */
    public void declare(StatFamily family) {
        store.declare(prefix, family);
    }
}
