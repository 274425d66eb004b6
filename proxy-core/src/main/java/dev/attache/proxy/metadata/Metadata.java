package dev.attache.proxy.metadata;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code envoy.config.core.v3.Metadata}: structs by filter name, e.g. {@code envoy.lb}. Immutable.
 *
 * @param typed messages by filter name
 */
public record Metadata(
        Map<String, MetadataValue.Struct> filterMetadata, Map<String, TypedMetadata> typed) {

    public static final Metadata EMPTY = new Metadata(Map.of());

    public Metadata {
        filterMetadata = Map.copyOf(filterMetadata);
        typed = Map.copyOf(typed);
    }

    /** Without messages. */
    public Metadata(Map<String, MetadataValue.Struct> filterMetadata) {
        this(filterMetadata, Map.of());
    }

    /** The value at {@code namespace → path…}, or null where any step is missing. */
    public @Nullable MetadataValue get(String namespace, List<String> path) {
        MetadataValue value = filterMetadata.get(namespace);
        for (int i = 0; i < path.size() && value != null; i++) {
            value = value instanceof MetadataValue.Struct struct ? struct.get(path.get(i)) : null;
        }
        return value;
    }
}
