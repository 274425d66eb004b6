package dev.attache.filters.authorization;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.attache.config.extension.CompileContext;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code bootstrap_metadata_labels_key}: what the node's metadata has below it, as labels. */
public final class DestinationLabelsFactory {
    private DestinationLabelsFactory() {}

    /** As in Envoy, what is no text is empty. */
    public static Map<String, String> of(String key, CompileContext context) {
        if (key.isEmpty()) {
            return Map.of();
        }
        Struct metadata = context.settings().node().get().getMetadata();
        Value labels = metadata.getFieldsMap().get(key);
        if (labels == null) {
            return Map.of();
        }
        Map<String, String> all = new LinkedHashMap<>();
        labels.getStructValue()
                .getFieldsMap()
                .forEach((name, value) -> all.put(name, value.getStringValue()));
        return Map.copyOf(all);
    }
}
