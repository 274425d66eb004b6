package dev.attache.filters.stat_sinks;

import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.Stat;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stats.tags.TagExtraction;
import dev.attache.proxy.stats.tags.TagExtraction.Tag;
import dev.attache.proxy.stats.tags.TagExtraction.Tagged;
import dev.attache.proxy.stream.format.json.DecimalText;
import java.util.List;

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

    /** One value, as a time in milliseconds whatever it is, unless it is a share. */
    public String sample(Histogram histogram, long value) {
        if (histogram.unit() == Histogram.Unit.PERCENT) {
            return line(histogram, DecimalText.general(value / PERCENT_SCALE, DIGITS), "|h");
        }
        if (millis && histogram.unit() == Histogram.Unit.MICROSECONDS) {
            return line(histogram, DecimalText.general(value / MICROSECONDS, DIGITS), "|ms");
        }
        return line(histogram, Long.toString(value), "|ms");
    }

    private String line(Stat stat, String value, String type) {
        if (form == Tags.NONE) {
            return prefix + stat.name() + ':' + value + type;
        }
        Tagged tagged = extraction.extract(stat.name(), stats.labels(stat.name()));
        return form == Tags.DOG_STATSD
                ? prefix + tagged.name() + ':' + value + type + tags(tagged.tags(), "|#", ':', ',')
                : prefix + tagged.name() + tags(tagged.tags(), ";", '=', ';') + ':' + value + type;
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
