package dev.attache.proxy.stats;

/** A number that only grows until it is reset. Workers write through their {@link #cell}. */
public final class Counter implements Stat {

    private final String name;
    private final CellArray cells = new CellArray();
    private volatile long base;

    /** Of whoever {@linkplain #latch latches}. */
    private long latched;

    Counter(String name) {
        this.name = name;
    }

    /** The cell of worker {@code index}; keep it, the look-up is not for the hot path. */
    public Cell cell(int index) {
        return cells.cell(index);
    }

    /** From any thread without a cell; one atomic add. */
    public void add(long delta) {
        cells.addShared(delta);
    }

    public void inc() {
        add(1);
    }

    public long value() {
        return cells.sum() - base;
    }

    /** By how much it has grown since this was asked last. Not touched by a reset. */
    public synchronized long latch() {
        long now = cells.sum();
        long grown = now - latched;
        latched = now;
        return grown;
    }

    /** Goes on from what another process has counted and told: no growth for whoever latches. */
    public synchronized void goOn(long counted) {
        base = base - counted;
    }

    /** {@code POST /reset_counters}: the cells go on, the base moves. */
    public synchronized void reset() {
        base = cells.sum();
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
