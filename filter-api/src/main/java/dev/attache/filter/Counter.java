package dev.attache.filter;

/** A number that only grows. Any thread; on the worker that asked for it without contention. */
@Stable(since = "0.1")
public interface Counter {

    void add(long delta);

    default void increment() {
        add(1);
    }
}
