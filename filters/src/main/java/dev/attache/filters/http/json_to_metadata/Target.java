package dev.attache.filters.http.json_to_metadata;

import dev.attache.filters.metadata.MetadataUpdate;
import dev.attache.proxy.metadata.DynamicMetadata;
import dev.attache.proxy.metadata.MetadataValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a value. Immutable.
 *
 * @param value goes there in place of what was found; null = none
 * @param preserve leaves a value that is there already
 */
record Target(
        String namespace, String key, @Nullable MetadataValue value, Type type, boolean preserve) {

    /** As what it is written. */
    enum Type {
        PROTOBUF_VALUE,
        STRING,
        NUMBER
    }

    void put(MetadataValue made, MetadataUpdate update, DynamicMetadata known) {
        if (!preserve || known.get(namespace, List.of(key)) == null) {
            update.put(namespace, key, made);
        }
    }

    /** Writes its own value. */
    void putOwn(MetadataUpdate update, DynamicMetadata known) {
        if (value != null) {
            put(value, update, known);
        }
    }
}
