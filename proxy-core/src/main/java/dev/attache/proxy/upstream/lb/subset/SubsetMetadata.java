package dev.attache.proxy.upstream.lb.subset;

import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.upstream.host.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What hosts have below {@code envoy.lb}, as subsets see it. */
final class SubsetMetadata {

    private static final String NAMESPACE = "envoy.lb";

    private SubsetMetadata() {}

    static MetadataValue.Struct of(Host host) {
        return host.metadata().filterMetadata().getOrDefault(NAMESPACE, MetadataValue.EMPTY_STRUCT);
    }

    /** Whether a host has all that is wanted. */
    static boolean matches(
            MetadataValue.Struct own, MetadataValue.Struct wanted, boolean listAsAny) {
        for (Map.Entry<String, MetadataValue> each : wanted.fields().entrySet()) {
            MetadataValue value = own.get(each.getKey());
            boolean element =
                    listAsAny
                            && value instanceof MetadataValue.Sequence list
                            && list.values().contains(each.getValue());
            if (!element && !each.getValue().equals(value)) {
                return false;
            }
        }
        return true;
    }

    /** The combinations of values that a host has for {@code keys}; none where one is missing. */
    static List<List<MetadataValue>> values(
            MetadataValue.Struct own, List<String> keys, boolean listAsAny) {
        List<List<MetadataValue>> combinations = List.of(List.of());
        for (String key : keys) {
            MetadataValue value = own.get(key);
            if (value == null) {
                return List.of();
            }
            List<MetadataValue> choices =
                    listAsAny && value instanceof MetadataValue.Sequence list
                            ? list.values()
                            : List.of(value);
            combinations = joined(combinations, choices);
        }
        return combinations;
    }

    private static List<List<MetadataValue>> joined(
            List<List<MetadataValue>> before, List<MetadataValue> choices) {
        List<List<MetadataValue>> joined = new ArrayList<>();
        for (List<MetadataValue> start : before) {
            for (MetadataValue choice : choices) {
                List<MetadataValue> longer = new ArrayList<>(start);
                longer.add(choice);
                joined.add(longer);
            }
        }
        return joined;
    }
}
