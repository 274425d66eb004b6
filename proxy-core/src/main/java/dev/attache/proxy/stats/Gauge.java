package dev.attache.proxy.stats;

/** A number that goes up and down. Workers write through their {@link #cell}. */
public final class Gauge implements Stat {

    private final String name;
    private final CellArray cells = new CellArray();

    /** What the process before this one has of it. */
    private volatile long inherited;

    Gauge(String name) {
        this.name = name;
    }

    public Cell cell(int index) {
        return cells.cell(index);
    }

    /** From any thread without a cell; together with cells the value is the sum. */
    public void set(long value) {
        cells.setShared(value);
    }

    public void add(long delta) {
        cells.addShared(delta);
    }

    public void inc() {
        add(1);
    }

    public void dec() {
        add(-1);
    }

    public long value() {
        return cells.sum() + inherited;
    }

    /**
     * What another process has of it comes on top: connections of the process before this one, that
     * are still open there. Zero when it has ended.
     */
    public void inherit(long value) {
        inherited = value;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean used() {
        return cells.used();
    }

    void markUnused() {
        cells.markUnused();
    }
}
