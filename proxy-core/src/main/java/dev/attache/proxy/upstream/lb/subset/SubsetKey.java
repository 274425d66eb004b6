package dev.attache.proxy.upstream.lb.subset;

import dev.attache.proxy.metadata.MetadataValue;
import java.util.List;

/** Which subset: keys, and a value for each. Immutable. */
record SubsetKey(List<String> keys, List<MetadataValue> values) {

    /** Every host. */
    static final SubsetKey ANY = new SubsetKey(List.of("any"), List.of());

    /** {@code default_subset}. */
    static final SubsetKey DEFAULT = new SubsetKey(List.of("default"), List.of());

    SubsetKey {
        keys = List.copyOf(keys);
        values = List.copyOf(values);
    }
}
