package dev.attache.proxy.stats;

/** What every stat has. {@code used} is Envoy's: ever written, even with zero. */
public sealed interface Stat permits Counter, Gauge, Histogram, TextReadout {

    /** Full dotted name. */
    String name();

    boolean used();
}
