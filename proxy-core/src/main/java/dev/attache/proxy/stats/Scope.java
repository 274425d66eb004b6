package dev.attache.proxy.stats;

/**
 * A prefix of stat names, ending in a dot. Immutable. A scope of a prefix that nobody holds any
 * more still works; its stats are not listed.
 */
public final class Scope {

    private final StatsStore store;
    private final StatsRoom room;
    private final String prefix;

    Scope(StatsStore store, StatsRoom room, String prefix) {
        this.store = store;
        this.room = room;
        this.prefix = prefix;
    }

    public String prefix() {
        return prefix;
    }

    public StatsStore store() {
        return store;
    }

    public Scope scope(String suffix) {
        return new Scope(store, room, prefix + StatsStore.sanitize(suffix));
    }

    /** The same without the dot at the end: there are names that begin right behind a prefix. */
    public Scope withoutDot() {
        return new Scope(store, room, prefix.substring(0, prefix.length() - 1));
    }

    /** How many stats live and die with those of this scope, itself among them. */
    public long size() {
        return room.size();
    }

    /** How many characters the names of the labelled ones among them have together. */
    public long labelledText() {
        return room.labelledText();
    }

    /** Whether there is a stat of that name with those labels, of whatever kind. */
    public boolean lists(String name, StatLabels labels) {
        return room.lists(prefix + name + labels.suffix());
    }

    public Counter counter(String name) {
        return room.counter(prefix + name);
    }

    /** A counter of that name with labels of its own. */
    public Counter counter(String name, StatLabels labels) {
        return room.counter(labelled(name, labels));
    }

    /** A gauge of that name with labels of its own. */
    public Gauge gauge(String name, StatLabels labels) {
        return room.gauge(labelled(name, labels));
    }

    /** A histogram of that name with labels of its own. */
    public Histogram histogram(String name, Histogram.Unit unit, StatLabels labels) {
        return room.histogram(labelled(name, labels), unit);
    }

    private String labelled(String name, StatLabels labels) {
        String full = prefix + name + labels.suffix();
        room.label(full, labels);
        return full;
    }

    public Gauge gauge(String name) {
        return room.gauge(prefix + name);
    }

    public Histogram histogram(String name, Histogram.Unit unit) {
        return room.histogram(prefix + name, unit);
    }

    public TextReadout textReadout(String name) {
        return room.textReadout(prefix + name);
    }

    /**
     * Sets a gauge to the moment at which something expires, in seconds since 1970, and lets {@link
     * StatsStore#firstExpiry} know, also where the gauge is not wanted.
     */
    public void expires(String name, long unixSeconds) {
        gauge(name).set(unixSeconds);
        room.expires(prefix + name, unixSeconds);
        store.expiryChanged();
    }

    /** From now on the family's names are listed below this prefix, with zeros until counted. */
    public void declare(StatFamily family) {
        room.declare(prefix, family);
    }
}
