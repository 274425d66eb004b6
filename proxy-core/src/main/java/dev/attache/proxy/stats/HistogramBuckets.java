package dev.attache.proxy.stats;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** {@code histogram_bucket_settings}: the bounds by which a histogram is told. Any thread. */
public final class HistogramBuckets {

    /** Envoy's. */
    private static final double[] DEFAULT = {
        0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000,
        600_000, 1_800_000, 3_600_000
    };

    /** Envoy's quantiles, 0 to 1. */
    private static final double[] QUANTILES = {
        0, 0.25, 0.5, 0.75, 0.90, 0.95, 0.99, 0.995, 0.999, 1
    };

    /** Those of the histograms whose name matches. */
    public record Setting(Predicate<String> match, List<Double> bounds) {}

    /** Names come and go with the configuration: beyond so many all are looked up anew. */
    private static final int MOST_KNOWN = 100_000;

    /** Longer ones are looked up each time: clients may have a part in them. */
    static final int LONGEST_KNOWN = 2048;

    private final List<Setting> settings;
    private final Map<String, double[]> known = new ConcurrentHashMap<>();

    /**
     * @param settings the first that matches holds
     */
    public HistogramBuckets(List<Setting> settings) {
        this.settings = List.copyOf(settings);
    }

    /** Upper bounds, ascending; not to be changed. */
    public double[] of(String histogram) {
        if (settings.isEmpty()) {
            return DEFAULT;
        }
        if (histogram.length() > LONGEST_KNOWN) {
            return find(histogram);
        }
        if (known.size() >= MOST_KNOWN) {
            known.clear();
        }
        return known.computeIfAbsent(histogram, this::find);
    }

    int known() {
        return known.size();
    }

    private double[] find(String histogram) {
        for (Setting setting : settings) {
            if (setting.match.test(histogram)) {
                return setting.bounds.stream().mapToDouble(Double::doubleValue).toArray();
            }
        }
        return DEFAULT;
    }

    /** The quantiles of every histogram; not to be changed. */
    public static double[] quantiles() {
        return QUANTILES;
    }
}
