package dev.attache.config.bootstrap;

import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.sink.StatsSinkSpec;
import dev.attache.proxy.stats.HistogramBuckets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code stats_config} and the flush settings around it. Times in milliseconds.
 *
 * @param tags configured tags, in order; they come before the default ones
 * @param useDefaultTags Envoy's own tags are extracted too
 * @param wanted which stats exist at all, by full name
 * @param buckets histogram boundaries; the first match counts
 * @param sinks {@code stats_sinks}
 * @param flushIntervalMillis 5000
 * @param flushOnAdmin sinks are flushed by the admin port only
 * @param evictionIntervalMillis 0 = nothing is evicted; else a multiple of the flush interval
 */
public record StatsSettings(
        List<Tag> tags,
        boolean useDefaultTags,
        Predicate<String> wanted,
        List<Buckets> buckets,
        List<StatsSinkSpec> sinks,
        long flushIntervalMillis,
        boolean flushOnAdmin,
        long evictionIntervalMillis) {
    /**
     * One tag.
     *
     * @param regex found in a stat's name: group 1 is cut out, group 2 (or else 1) is the value;
     *     null: a default tag of that name, or a fixed one. A regex of the JDK: Envoy's are not RE2
     *     either
     * @param fixedValue for every stat; null unless fixed
     */
    public record Tag(String name, @Nullable Pattern regex, @Nullable String fixedValue) {}

    /** Boundaries for the histograms whose name matches. */
    public record Buckets(StringMatcher match, List<Double> boundaries) {}

    /** The bounds by which histograms are told; keep it, it remembers names. */
    public HistogramBuckets histogramBuckets() {
        List<HistogramBuckets.Setting> settings = new ArrayList<>();
        for (Buckets each : buckets) {
            settings.add(new HistogramBuckets.Setting(each.match::matches, each.boundaries));
        }
        return new HistogramBuckets(settings);
    }

    public StatsSettings {
        tags = List.copyOf(tags);
        buckets = List.copyOf(buckets);
        sinks = List.copyOf(sinks);
    }
}
