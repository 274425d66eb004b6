package dev.attache.filter;

/**
 * A number that goes up and down: the sum of what all workers have added. Any thread; on the worker
 * that asked for it without contention.
 */
@Stable(since = "0.1")
public interface Gauge {

    /**
     * @param delta may be negative
     */
    void add(long delta);

    default void increment() {
        add(1);
    }

    default void decrement() {
        add(-1);
    }
}
