package dev.attache.server.admin.stats;

import dev.attache.proxy.stats.Counter;
import dev.attache.proxy.stats.Gauge;
import dev.attache.proxy.stats.Histogram;
import dev.attache.proxy.stats.Stat;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stats.TextReadout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which stats a request asks for: {@code usedonly}, {@code filter}, {@code type}, {@code hidden}.
 */
final class StatsSelection {

    private final StatsStore store;
    private final boolean usedOnly;
    private final boolean inverted;
    private final @Nullable NameFilter filter;
    private final String type;
    private final boolean hiddenOnly;

    /**
     * @throws IllegalArgumentException on an invalid regular expression or type
     */
    StatsSelection(StatsStore store, Map<String, String> query) {
        this(store, query, true);
    }

    /**
     * @param typed {@code type} selects
     * @throws IllegalArgumentException on an invalid regular expression or type
     */
    StatsSelection(StatsStore store, Map<String, String> query, boolean typed) {
        this.store = store;
        this.usedOnly = query.containsKey("usedonly");
        this.inverted = query.containsKey("invert_filter");
        String hidden = query.getOrDefault("hidden", "");
        if (!List.of("", "include", "only", "exclude").contains(hidden)) {
            throw new IllegalArgumentException("usage: /stats?hidden=(include|only|exclude)\n\n");
        }
        this.hiddenOnly = hidden.equals("only");
        String pattern = query.get("filter");
        try {
            this.filter = pattern == null || pattern.isEmpty() ? null : NameFilter.of(pattern);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Invalid re2 regex: " + e.getMessage(), e);
        }
        String asked = query.get("type");
        String named = asked == null || asked.isEmpty() ? "All" : asked;
        if (!List.of("All", "Counters", "Gauges", "Histograms", "TextReadouts").contains(named)) {
            throw new IllegalArgumentException("invalid &type= param");
        }
        this.type = typed ? named : "All";
    }

    private <T extends Stat> List<T> select(Supplier<Collection<T>> stats, String kind) {
        // No stat here is hidden.
        if (hiddenOnly || (!type.equals("All") && !type.equals(kind))) {
            return List.of();
        }
        return stats.get().stream()
                .filter(stat -> filter == null || filter.find(stat.name()) != inverted)
                .filter(stat -> !usedOnly || stat.used())
                .sorted(Comparator.comparing(Stat::name))
                .toList();
    }

    /**
     * Those that were ever used and may be asked for. Zeros that nobody counts are not made; where
     * all names are said, only these are looked up.
     *
     * @param byName null where there is none
     * @param byPrefix of those whose names begin with a text, at least
     */
    private <T> Collection<T> inUse(
            Function<String, @Nullable T> byName, Function<String, Collection<T>> byPrefix) {
        if (filter == null || inverted) {
            return byPrefix.apply("");
        }
        Set<String> names = filter.names();
        if (names == null) {
            return byPrefix.apply(filter.prefix());
        }
        List<T> found = new ArrayList<>();
        for (String name : names) {
            @Nullable T stat = byName.apply(name);
            if (stat != null) {
                found.add(stat);
            }
        }
        return found;
    }

    /** Whether a number is asked for that is no stat of the store; all of them count as used. */
    boolean wants(String name, boolean gauge) {
        return !hiddenOnly
                && (type.equals("All") || type.equals(gauge ? "Gauges" : "Counters"))
                && (filter == null || filter.find(name) != inverted);
    }

    List<Counter> counters() {
        return select(
                () ->
                        usedOnly
                                ? inUse(store::listedCounter, store::countersInUse)
                                : store.counters(),
                "Counters");
    }

    List<Gauge> gauges() {
        return select(
                () -> usedOnly ? inUse(store::listedGauge, store::gaugesInUse) : store.gauges(),
                "Gauges");
    }

    List<Histogram> histograms() {
        return select(
                () ->
                        usedOnly
                                ? inUse(store::listedHistogram, any -> store.histogramsInUse())
                                : store.histograms(),
                "Histograms");
    }

    List<TextReadout> textReadouts() {
        return select(store::textReadouts, "TextReadouts");
    }
}
