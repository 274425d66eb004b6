package dev.attache.proxy.upstream.lb.subset;

import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.upstream.host.HostSet;
import dev.attache.proxy.upstream.lb.hash.SharedTables;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The subsets of one host set. Immutable once made, shared by workers. */
final class SubsetTable {

    private final HostSet whole;
    private final Map<SubsetKey, Subset> byKey;
    private final List<Subset> all;
    private final Branch[] roots;
    private final long duplicates;

    /** What follows a value: the values of the next key, or the subset. */
    private static final class Branch {
        private final Map<MetadataValue, Branch> next = new HashMap<>();
        private @Nullable Subset subset;
    }

    /**
     * @param whole of which these are the subsets
     */
    SubsetTable(HostSet whole, Map<SubsetKey, Subset> byKey, KeySets keySets, long duplicates) {
        this.whole = whole;
        this.byKey = byKey;
        this.all = List.copyOf(byKey.values());
        this.duplicates = duplicates;
        this.roots = new Branch[keySets.size()];
        for (int i = 0; i < roots.length; i++) {
            roots[i] = new Branch();
        }
        for (Subset subset : all) {
            KeySet keys = keySets.of(subset.key().keys());
            if (keys != null && !subset.key().values().isEmpty()) {
                put(roots[keys.index], subset);
            }
        }
    }

    private static void put(Branch root, Subset subset) {
        Branch branch = root;
        for (MetadataValue value : subset.key().values()) {
            branch = branch.next.computeIfAbsent(value, none -> new Branch());
        }
        branch.subset = subset;
    }

    /** That of {@code hosts}, which {@code shared} has already, or a new one. Any thread. */
    static SubsetTable of(SubsetSpec spec, HostSet hosts, SharedTables shared) {
        return shared.<SubsetTable>next(
                hosts, (next, before) -> new SubsetAssembly(spec, next, before).table());
    }

    HostSet whole() {
        return whole;
    }

    int size() {
        return all.size();
    }

    Subset at(int index) {
        return all.get(index);
    }

    Set<SubsetKey> keys() {
        return byKey.keySet();
    }

    @Nullable Subset get(SubsetKey key) {
        return byKey.get(key);
    }

    /** Hosts that are of a subset of one and not it. */
    long duplicates() {
        return duplicates;
    }

    /** The subset that criteria, which have all of {@code keys}, name; null = it has no hosts. */
    @Nullable Subset find(KeySet keys, MetadataValue.Struct criteria) {
        Branch branch = roots[keys.index];
        for (int i = 0; i < keys.keys.size() && branch != null; i++) {
            branch = branch.next.get(criteria.get(keys.keys.get(i)));
        }
        return branch == null ? null : branch.subset;
    }
}
