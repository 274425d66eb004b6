package dev.attache.proxy.upstream.lb.subset;

import dev.attache.proxy.metadata.MetadataValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code metadata_fallback_policy: FALLBACK_LIST}: the criteria that are tried one after another.
 * Those of the last request are remembered, as most requests have the route's. Loop-confined.
 */
final class MetadataVariants {

    private static final String FALLBACK_LIST = "fallback_list";

    private MetadataValue.Struct source = MetadataValue.EMPTY_STRUCT;
    private List<MetadataValue.Struct> variants = List.of();

    static boolean present(MetadataValue.Struct criteria) {
        return criteria.get(FALLBACK_LIST) != null;
    }

    /** Each element over the rest of the criteria; the rest alone where the list is empty. */
    List<MetadataValue.Struct> of(MetadataValue.Struct criteria) {
        if (criteria != source) {
            variants = expand(criteria);
            source = criteria;
        }
        return variants;
    }

    private static List<MetadataValue.Struct> expand(MetadataValue.Struct criteria) {
        Map<String, MetadataValue> rest = new HashMap<>(criteria.fields());
        MetadataValue list = rest.remove(FALLBACK_LIST);
        if (!(list instanceof MetadataValue.Sequence elements) || elements.values().isEmpty()) {
            return List.of(new MetadataValue.Struct(rest));
        }
        List<MetadataValue.Struct> expanded = new ArrayList<>();
        for (MetadataValue element : elements.values()) {
            Map<String, MetadataValue> merged = new HashMap<>(rest);
            if (element instanceof MetadataValue.Struct fields) {
                merged.putAll(fields.fields());
            }
            expanded.add(new MetadataValue.Struct(merged));
        }
        return expanded;
    }
}
