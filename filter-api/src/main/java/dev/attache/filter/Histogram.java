package dev.attache.filter;

/** A distribution. Any thread; on the worker that asked for it without contention. */
@Stable(since = "0.1")
public interface Histogram {

    void record(long value);
}
