package dev.attache.proxy.route.match;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds, of routes that are added in their order, the first one that takes all that a later one
 * would, as {@link MatchCover} says it. A route is compared with those alone whose paths may cover
 * its own: exact paths are found by a map, prefixes in their order; expressions are asked one by
 * one. Used by one thread.
 */
public final class CoverIndex {

    /** No earlier route covers it, as far as is known. */
    public static final int NONE = -1;

    private static final List<String> TAKE_NEARLY_ALL = List.of(".*", "/.*");

    private record Entry(int at, RouteMatcher match, ComparedPath path) {}

    private final Map<String, List<Entry>> exact = new HashMap<>();
    private final TreeMap<String, List<Entry>> prefixes = new TreeMap<>();
    private final Map<String, List<Entry>> bySource = new HashMap<>();
    private final List<Entry> expressions = new ArrayList<>();
    private final List<Entry> connects = new ArrayList<>();
    private int routes;
    private int first;
    private long left;
    private boolean exhausted;

    /**
     * @param comparisons how many there may be in all
     */
    public CoverIndex(long comparisons) {
        left = comparisons;
    }

    /**
     * Takes the next route.
     *
     * @return the index of the first route in front of it that takes all that it would, or {@link
     *     #NONE}, as from when it {@link #isExhausted()}
     */
    public int add(RouteMatcher match) {
        Entry route = new Entry(routes++, match, ComparedPath.of(match.path()));
        first = route.at;
        find(route);
        if (MatchCover.isCertain(match)) {
            keep(route);
        }
        return exhausted || first == route.at ? NONE : first;
    }

    /** Whether the last route added, and all that follow, are no longer compared to the end. */
    public boolean isExhausted() {
        return exhausted;
    }

    private void keep(Entry route) {
        switch (route.path.matcher()) {
            case PathMatcher.Exact path -> put(exact, route.path.folded(), route);
            case PathMatcher.Prefix prefix -> put(prefixes, route.path.folded(), route);
            case PathMatcher.SeparatedPrefix prefix -> put(prefixes, route.path.folded(), route);
            case PathMatcher.Pattern(var regex) -> {
                expressions.add(route);
                put(bySource, regex.pattern(), route);
            }
            case PathMatcher.Template(var template) -> {
                expressions.add(route);
                put(bySource, template.source(), route);
            }
            case PathMatcher.Connect connect -> connects.add(route);
        }
    }

    private static void put(Map<String, List<Entry>> into, String key, Entry route) {
        into.computeIfAbsent(key, k -> new ArrayList<>(1)).add(route);
    }

    /** Asks whoever may cover it: no other pair of matchers can, as PathCover is written. */
    private void find(Entry route) {
        switch (route.path.matcher()) {
            case PathMatcher.Connect connect -> ask(connects, route);
            case PathMatcher.Exact path -> {
                ask(exact.get(route.path.folded()), route);
                askPrefixes(route);
                ask(expressions, route);
            }
            case PathMatcher.Pattern(var regex) -> {
                ask(bySource.get(regex.pattern()), route);
                askBeginnings(route);
            }
            case PathMatcher.Template(var template) -> {
                ask(bySource.get(template.source()), route);
                askBeginnings(route);
            }
            case PathMatcher.Prefix prefix -> askBeginnings(route);
            case PathMatcher.SeparatedPrefix prefix -> askBeginnings(route);
        }
    }

    private void askBeginnings(Entry route) {
        TAKE_NEARLY_ALL.forEach(source -> ask(bySource.get(source), route));
        askPrefixes(route);
    }

    /**
     * All prefixes of the text, from the longest to the shortest. What is sorted between one of
     * them and the text begins with it, too, so the next one is no longer than what the nearest
     * neighbour and the text begin with.
     */
    private void askPrefixes(Entry route) {
        String text = route.path.folded();
        Map.Entry<String, List<Entry>> near = prefixes.floorEntry(text);
        while (near != null && spend()) {
            String key = near.getKey();
            if (text.startsWith(key)) {
                ask(near.getValue(), route);
                near = prefixes.lowerEntry(key);
            } else {
                near = prefixes.floorEntry(text.substring(0, common(key, text)));
            }
        }
    }

    private static int common(String one, String other) {
        int most = Math.min(one.length(), other.length());
        int length = 0;
        while (length < most && one.charAt(length) == other.charAt(length)) {
            length++;
        }
        return length;
    }

    private void ask(@Nullable List<Entry> earlier, Entry route) {
        if (earlier == null) {
            return;
        }
        for (Entry each : earlier) {
            if (each.at >= first || !spend()) {
                return;
            }
            if (MatchCover.coversRest(each.match, route.match)
                    && PathCover.covers(each.path, route.path)) {
                first = each.at;
                return;
            }
        }
    }

    private boolean spend() {
        exhausted |= left <= 0;
        left--;
        return !exhausted;
    }
}
