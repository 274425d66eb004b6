package dev.attache.xds.mux;

import dev.attache.xds.FetchFailure;
import dev.attache.xds.ResourceWatcher;
import dev.attache.xds.XdsResource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The watches of one resource type: who wants which names. Finds the watches that a response
 * concerns by name, not by asking every watch. Main loop only.
 */
final class WatchSet {

    static final String WILDCARD = "*";

    private final LinkedHashSet<Entry> all = new LinkedHashSet<>();
    private final LinkedHashSet<Entry> wildcards = new LinkedHashSet<>();
    private final Map<String, LinkedHashSet<Entry>> byName = new LinkedHashMap<>();

    /** What a change of interest amounts to for the type as a whole. */
    record Interest(List<String> added, List<String> removed) {}

    /** One watch. */
    static final class Entry {
        private final ResourceWatcher watcher;
        private Set<String> names = Set.of();

        Entry(ResourceWatcher watcher) {
            this.watcher = watcher;
        }

        ResourceWatcher watcher() {
            return watcher;
        }
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /**
     * The names to ask for, in the order they were first wanted; the explicit {@code *} included.
     */
    Collection<String> names() {
        return byName.keySet();
    }

    /** Adds a watch and says which names nobody wanted before. */
    Interest add(Entry entry, Set<String> names) {
        all.add(entry);
        return change(entry, names);
    }

    /** Ends a watch and says which names nobody wants any more. */
    Interest remove(Entry entry) {
        Interest interest = change(entry, Set.of());
        all.remove(entry);
        wildcards.remove(entry);
        return interest;
    }

    /** Whether some watch wants everything. */
    boolean hasWildcard() {
        return !wildcards.isEmpty();
    }

    /** Changes the names a watch wants and says what that adds and removes for the type. */
    Interest change(Entry entry, Set<String> names) {
        List<String> added = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        Set<String> before = entry.names;
        for (String name : names) {
            LinkedHashSet<Entry> holders = byName.computeIfAbsent(name, n -> new LinkedHashSet<>());
            if (holders.add(entry) && holders.size() == 1) {
                added.add(name);
            }
        }
        for (String name : before) {
            LinkedHashSet<Entry> holders = byName.get(name);
            if (!names.contains(name) && holders != null && holders.remove(entry)) {
                if (holders.isEmpty()) {
                    byName.remove(name);
                    removed.add(name);
                }
            }
        }
        entry.names = new LinkedHashSet<>(names);
        if (names.isEmpty() || names.contains(WILDCARD)) {
            wildcards.add(entry);
        } else {
            wildcards.remove(entry);
        }
        return new Interest(added, removed);
    }

    /** A state-of-the-world response for those whom it concerns. */
    Delivery state(List<XdsResource> resources, String version) {
        Map<Entry, List<XdsResource>> named = group(resources);
        LinkedHashSet<Entry> concerned = new LinkedHashSet<>(all);
        concerned.removeIf(entry -> !wildcards.contains(entry) && !named.containsKey(entry));
        return new Delivery(
                concerned,
                all::contains,
                entry ->
                        entry.watcher.takeState(
                                wildcards.contains(entry)
                                        ? resources
                                        : named.getOrDefault(entry, List.of()),
                                version));
    }

    /** Tells those who want everything that nothing has changed. */
    void deliverUnchanged(String version) {
        for (Entry entry : new ArrayList<>(wildcards)) {
            entry.watcher.onUnchanged(version);
        }
    }

    /** A difference for those whom it concerns. */
    Delivery delta(List<XdsResource> changed, List<String> removed, String version) {
        Map<Entry, List<XdsResource>> changedOf = group(changed);
        Map<Entry, List<String>> removedOf = new HashMap<>();
        for (String name : removed) {
            for (Entry entry : byName.getOrDefault(name, new LinkedHashSet<>())) {
                removedOf.computeIfAbsent(entry, e -> new ArrayList<>()).add(name);
            }
        }
        return new Delivery(
                concerned(changedOf.keySet(), removedOf.keySet()),
                all::contains,
                entry -> {
                    boolean wildcard = wildcards.contains(entry);
                    return entry.watcher.takeDelta(
                            wildcard ? changed : changedOf.getOrDefault(entry, List.of()),
                            wildcard ? removed : removedOf.getOrDefault(entry, List.of()),
                            version);
                });
    }

    /** Tells every watch. */
    void fail(FetchFailure reason, String detail) {
        for (Entry entry : new ArrayList<>(all)) {
            if (all.contains(entry)) {
                entry.watcher.onFailure(reason, detail);
            }
        }
    }

    private List<Entry> concerned(Set<Entry> changed, Set<Entry> removed) {
        LinkedHashSet<Entry> entries = new LinkedHashSet<>(wildcards);
        entries.addAll(changed);
        entries.addAll(removed);
        return new ArrayList<>(entries);
    }

    private Map<Entry, List<XdsResource>> group(List<XdsResource> resources) {
        Map<Entry, List<XdsResource>> grouped = new LinkedHashMap<>();
        for (XdsResource resource : resources) {
            LinkedHashSet<Entry> entries = new LinkedHashSet<>();
            entries.addAll(byName.getOrDefault(resource.name(), new LinkedHashSet<>()));
            for (String alias : resource.aliases()) {
                entries.addAll(byName.getOrDefault(alias, new LinkedHashSet<>()));
            }
            for (Entry entry : entries) {
                grouped.computeIfAbsent(entry, e -> new ArrayList<>()).add(resource);
            }
        }
        return grouped;
    }
}
