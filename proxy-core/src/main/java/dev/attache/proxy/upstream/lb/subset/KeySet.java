package dev.attache.proxy.upstream.lb.subset;

import dev.attache.proxy.metadata.MetadataValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys that a request may name a subset by, and what happens where it names none. */
final class KeySet {

    final int index;
    final List<String> keys;
    final SubsetFallback fallback;
    private @Nullable KeySet fewer;

    KeySet(int index, List<String> keys, SubsetFallback fallback) {
        this.index = index;
        this.keys = keys;
        this.fallback = fallback;
    }

    /** While these are made: what {@link SubsetFallback#KEYS_SUBSET} goes to. */
    void fallsTo(KeySet set) {
        fewer = set;
    }

    /** What {@link SubsetFallback#KEYS_SUBSET} goes to. */
    @Nullable KeySet fewer() {
        return fewer;
    }

    /** Whether a request's criteria have all of these keys. */
    boolean within(MetadataValue.Struct criteria) {
        for (int i = 0; i < keys.size(); i++) {
            if (criteria.get(keys.get(i)) == null) {
                return false;
            }
        }
        return true;
    }
}
