package dev.attache.proxy.metadata;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What filters write about one request or connection while it lives ({@code dynamicMetadata()} in
 * Envoy). Owned by its stream, loop-confined, allocated on first write only.
 */
public final class DynamicMetadata {

    private @Nullable Map<String, MetadataValue.Struct> namespaces;
    private @Nullable Map<String, TypedMetadata> typed;

    /** Merges {@code fields} into the namespace; later values win, as in Envoy. */
    public void merge(String namespace, MetadataValue.Struct fields) {
        if (namespaces == null) {
            namespaces = new HashMap<>();
        }
        namespaces.merge(
                namespace,
                fields,
                (old, added) -> {
                    Map<String, MetadataValue> merged = new HashMap<>(old.fields());
                    merged.putAll(added.fields());
                    return new MetadataValue.Struct(merged);
                });
    }

    /** What was written below a namespace, or null. */
    public MetadataValue.@Nullable Struct namespace(String namespace) {
        return namespaces == null ? null : namespaces.get(namespace);
    }

    /** Puts fields in the place of all that the namespace has. */
    public void replace(String namespace, MetadataValue.Struct fields) {
        if (namespaces == null) {
            namespaces = new HashMap<>();
        }
        namespaces.put(namespace, fields);
    }

    /** Messages by namespace; not to be changed. */
    public Map<String, TypedMetadata> typed() {
        return typed == null ? Map.of() : Collections.unmodifiableMap(typed);
    }

    /** Puts a message in the place of the namespace's. */
    public void typed(String namespace, TypedMetadata message) {
        if (typed == null) {
            typed = new HashMap<>();
        }
        typed.put(namespace, message);
    }

    public @Nullable MetadataValue get(String namespace, List<String> path) {
        MetadataValue value = namespaces == null ? null : namespaces.get(namespace);
        for (int i = 0; i < path.size() && value != null; i++) {
            value = value instanceof MetadataValue.Struct struct ? struct.get(path.get(i)) : null;
        }
        return value;
    }

    /** Whether nothing was ever written. */
    public boolean isEmpty() {
        return namespaces == null;
    }

    public Metadata snapshot() {
        if (typed != null) {
            return new Metadata(namespaces == null ? Map.of() : namespaces, typed);
        }
        return namespaces == null ? Metadata.EMPTY : new Metadata(namespaces);
    }
}
