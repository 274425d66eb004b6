package dev.attache.proxy.stats;

/**
 * What every stat has. {@code used} is Envoy's: ever written, even with zero; of stats that are
 * {@linkplain StatsStore#evictable evicted}, since the last eviction.
 */
public sealed interface Stat permits Counter, Gauge, Histogram, TextReadout {

    /** Full dotted name. */
    String name();

    boolean used();
}
