package dev.attache.proxy.stats;

/** Hears of each value that a histogram records, on the thread that records it. */
@FunctionalInterface
public interface SampleListener {

    /** Where nobody wants to know. */
    SampleListener NOBODY = (histogram, value) -> {};

    void onSample(Histogram histogram, long value);
}
