package dev.attache.filter;

/**
 * What a filter finds around it on one worker. Statistics are asked for when the filter opens, not
 * for each request; what they are counted by may be kept and used by any thread. Their names follow
 * {@code http.<stat_prefix>.}; labels, in pairs of name and value, become labels in Prometheus and,
 * where names are listed, parts of the name: {@code hello.greeted.language.en}.
 */
@Stable(since = "0.1")
public interface FilterScope {

    /** Which of the process's workers this is, from 0. */
    int worker();

    /**
     * A number that only grows.
     *
     * @param labels pairs of name and value
     */
    Counter counter(String name, String... labels);

    /** A number that goes up and down. */
    Gauge gauge(String name, String... labels);

    /** A distribution of sizes, or whatever else has no other unit. */
    Histogram histogram(String name, String... labels);

    /** A distribution of times in milliseconds. */
    Histogram timings(String name, String... labels);

    /** The process log. */
    System.Logger log();
}
