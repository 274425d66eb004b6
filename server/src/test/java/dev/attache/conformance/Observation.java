package dev.attache.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one run of a case saw: named texts, in the order they were seen. */
public final class Observation {
    private final Map<String, String> seen = new LinkedHashMap<>();

    synchronized void put(String name, String value) {
        seen.put(name, value);
    }

    public synchronized Map<String, String> asMap() {
        return new LinkedHashMap<>(seen);
    }

    /** One place where two runs differ. */
    public record Difference(String at, String expected, String actual) {}

    /** The places where {@code other} differs from this observation. */
    public List<Difference> differencesFrom(Observation other) {
        Map<String, String> mine = asMap();
        Map<String, String> theirs = other.asMap();
        Set<String> names = new LinkedHashSet<>(mine.keySet());
        names.addAll(theirs.keySet());
        List<Difference> differences = new ArrayList<>();
        for (String name : names) {
            String expected = mine.getOrDefault(name, "<absent>");
            String actual = theirs.getOrDefault(name, "<absent>");
            if (!expected.equals(actual)) {
                differences.add(new Difference(name, expected, actual));
            }
        }
        return differences;
    }
}
