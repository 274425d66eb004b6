package dev.attache.proxy.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One thread's share of a counter or gauge. Only its own worker writes it; anyone may read. Opaque
 * access keeps reads whole and fresh at the price of a plain add.
 */
public final class Cell {

    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(Cell.class, "value", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // Through VALUE.
    private long value;

    private boolean used;

    Cell() {}

    public void inc() {
        add(1);
    }

    public void dec() {
        add(-1);
    }

    public void add(long delta) {
        used = true;
        VALUE.setOpaque(this, (long) VALUE.getOpaque(this) + delta);
    }

    /** For gauges that one worker alone owns. */
    public void set(long newValue) {
        used = true;
        VALUE.setOpaque(this, newValue);
    }

    public long get() {
        return (long) VALUE.getOpaque(this);
    }

    boolean used() {
        return used;
    }

    /** From another thread: what is written meanwhile counts as use again. */
    void markUnused() {
        used = false;
    }
}
