package dev.attache.filters.metadata;

import dev.attache.proxy.metadata.DynamicMetadata;
import dev.attache.proxy.metadata.MetadataValue;
import java.util.HashMap;
import java.util.Map;

/** Fields of several namespaces that are added together, once all are known. One use. */
public final class MetadataUpdate {

    private final Map<String, Map<String, MetadataValue>> namespaces = new HashMap<>(4);

    /** Of several values of one field the last one counts. */
    public void put(String namespace, String key, MetadataValue value) {
        namespaces.computeIfAbsent(namespace, name -> new HashMap<>(4)).put(key, value);
    }

    public boolean isEmpty() {
        return namespaces.isEmpty();
    }

    /** Adds all fields, in place of those that have their names. */
    public void addTo(DynamicMetadata metadata) {
        namespaces.forEach(
                (name, fields) -> metadata.merge(name, new MetadataValue.Struct(fields)));
    }
}
