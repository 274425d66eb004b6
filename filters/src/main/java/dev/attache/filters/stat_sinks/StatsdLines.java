package dev.attache.filters.stat_sinks;

import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.Stat;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stats.tags.TagExtraction;
import dev.attache.proxy.stats.tags.TagExtraction.Tag;
import dev.attache.proxy.stats.tags.TagExtraction.Tagged;
import dev.attache.proxy.stream.format.json.DecimalText;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Statistics as lines of statsd, {@code prefix.name:value|type}. Any thread. */
public final class StatsdLines {

    /** What Envoy multiplies percentages with to record them as integers. */
    private static final double PERCENT_SCALE = 1_000_000;

    private static final double MICROSECONDS = 1000;

    private static final int DIGITS = 6;

    /** How tags are told. */
    public enum Tags {
        /** They stay parts of names. */
        NONE,
        /** {@code name:value|c|#tag:value,…} */
        DOG_STATSD,
        /** {@code name;tag=value;…:value|c} */
        GRAPHITE
    }

    private final String prefix;
    private final Tags form;
    private final boolean millis;
    private final StatsStore stats;
    private final TagExtraction extraction;

    /** What stands around the values of histograms, which are told one by one. */
    private final Map<Histogram, Around> known = new ConcurrentHashMap<>();

    private volatile int changes;

    /** A line without its value and type. */
    private record Around(String before, String after) {}

    /**
     * @param prefix empty: Envoy's own
     * @param millis {@code scale_histogram_units_to_milliseconds}
     */
    public StatsdLines(
            String prefix, Tags form, boolean millis, StatsStore stats, TagExtraction extraction) {
        this.prefix = (prefix.isEmpty() ? "envoy" : prefix) + ".";
        this.form = form;
        this.millis = millis;
        this.stats = stats;
        this.extraction = extraction;
    }

    public String counter(Stat stat, long grown) {
        return line(stat, Long.toString(grown), "|c");
    }

    public String gauge(Stat stat, long value) {
        return line(stat, Long.toUnsignedString(value), "|g");
    }

    /**
     * One value, as a time in milliseconds whatever it is, unless it is a share. The name is taken
     * apart once for each histogram.
     */
    public String sample(Histogram histogram, long value) {
        Around around = known(histogram);
        if (histogram.unit() == Histogram.Unit.PERCENT) {
            return line(around, DecimalText.general(value / PERCENT_SCALE, DIGITS), "|h");
        }
        if (millis && histogram.unit() == Histogram.Unit.MICROSECONDS) {
            return line(around, DecimalText.general(value / MICROSECONDS, DIGITS), "|ms");
        }
        return line(around, Long.toString(value), "|ms");
    }

    /** Those that have left the store are forgotten with the next that leaves. */
    private Around known(Histogram histogram) {
        int now = stats.departures() + stats.evictions();
        if (now != changes) {
            changes = now;
            known.clear();
        }
        Around around = known.get(histogram);
        return around != null ? around : known.computeIfAbsent(histogram, this::around);
    }

    int known() {
        return known.size();
    }

    private Around around(Stat stat) {
        if (form == Tags.NONE) {
            return new Around(prefix + stat.name(), "");
        }
        Tagged tagged = extraction.extract(stat.name(), stats.labels(stat.name()));
        return form == Tags.DOG_STATSD
                ? new Around(prefix + tagged.name(), tags(tagged.tags(), "|#", ':', ','))
                : new Around(prefix + tagged.name() + tags(tagged.tags(), ";", '=', ';'), "");
    }

    private String line(Stat stat, String value, String type) {
        return line(around(stat), value, type);
    }

    private static String line(Around around, String value, String type) {
        return around.before + ':' + value + type + around.after;
    }

    private static String tags(List<Tag> tags, String start, char assign, char separator) {
        if (tags.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder(start);
        for (int i = 0; i < tags.size(); i++) {
            if (i > 0) {
                out.append(separator);
            }
            out.append(tags.get(i).name()).append(assign).append(tags.get(i).value());
        }
        return out.toString();
    }
}
