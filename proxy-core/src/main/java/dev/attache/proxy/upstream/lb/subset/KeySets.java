package dev.attache.proxy.upstream.lb.subset;

import dev.attache.proxy.metadata.MetadataValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The key sets of a policy's selectors, each once. Immutable; the same for everyone who makes it of
 * the same policy.
 */
final class KeySets {

    private final Map<List<String>, KeySet> byKeys = new LinkedHashMap<>();
    private final List<KeySet> selecting;
    private final boolean redundant;

    KeySets(SubsetSpec spec) {
        redundant = spec.allowRedundantKeys();
        List<SubsetSelector> selectors = new ArrayList<>(spec.selectors());
        if (redundant) {
            selectors.sort(Comparator.comparingInt(selector -> -selector.keys().size()));
        }
        Set<List<String>> seen = new HashSet<>();
        for (SubsetSelector selector : selectors) {
            SubsetFallback fallback = fallback(selector, seen);
            if (!byKeys.containsKey(selector.keys())) {
                byKeys.put(selector.keys(), new KeySet(byKeys.size(), selector.keys(), fallback));
            }
        }
        selecting = List.copyOf(byKeys.values());
        for (SubsetSelector selector : selectors) {
            KeySet set = byKeys.get(selector.keys());
            if (set != null && set.fallback == SubsetFallback.KEYS_SUBSET && set.fewer() == null) {
                set.fallsTo(fewer(selector.fallbackKeys()));
            }
        }
    }

    /**
     * A selector whose keys begin an earlier one's in the order of their names has no fallback of
     * its own, as in Envoy, which keeps them in a tree.
     */
    private static SubsetFallback fallback(SubsetSelector selector, Set<List<String>> seen) {
        boolean first = false;
        for (int i = 1; i <= selector.keys().size(); i++) {
            first = seen.add(selector.keys().subList(0, i));
        }
        return first ? selector.fallback() : SubsetFallback.NOT_DEFINED;
    }

    private KeySet fewer(List<String> keys) {
        if (redundant) {
            for (KeySet set : selecting) {
                if (keys.containsAll(set.keys)) {
                    return set;
                }
            }
        }
        return byKeys.computeIfAbsent(
                keys, wanted -> new KeySet(byKeys.size(), wanted, SubsetFallback.NOT_DEFINED));
    }

    /** How many there are. */
    int size() {
        return byKeys.size();
    }

    /** Those with these keys, or null. */
    @Nullable KeySet of(List<String> keys) {
        return byKeys.get(keys);
    }

    /** Those that criteria select by: all of their keys, or the most of them; null = none. */
    @Nullable KeySet of(MetadataValue.Struct criteria) {
        int count = criteria.fields().size();
        for (int i = 0; i < selecting.size(); i++) {
            KeySet set = selecting.get(i);
            if ((redundant || set.keys.size() == count) && set.within(criteria)) {
                return set;
            }
        }
        return null;
    }
}
