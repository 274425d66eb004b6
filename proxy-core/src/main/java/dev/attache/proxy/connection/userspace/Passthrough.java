package dev.attache.proxy.connection.userspace;

import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import java.util.List;
import java.util.Map;

/**
 * What the dialling end of an internal connection tells the accepting one before its first listener
 * filter (Envoy's {@code PassthroughState}). Immutable.
 *
 * @param metadata dynamic metadata by namespace
 * @param filterState objects, as the accepting end has them
 */
public record Passthrough(
        Map<String, MetadataValue.Struct> metadata, List<FilterState.Shared> filterState) {

    public static final Passthrough NOTHING = new Passthrough(Map.of(), List.of());

    public Passthrough {
        metadata = Map.copyOf(metadata);
        filterState = List.copyOf(filterState);
    }
}
