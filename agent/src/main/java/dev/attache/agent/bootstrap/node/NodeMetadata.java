package dev.attache.agent.bootstrap.node;

import dev.attache.agent.bootstrap.template.function.GoObject;
import dev.attache.agent.bootstrap.template.function.TextMap;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A node's metadata: values that have a type, over those that were given raw. Not changed once the
 * node is made; one thread until then.
 */
public final class NodeMetadata implements GoObject {

    private final Map<MetadataKey, Object> typed = new EnumMap<>(MetadataKey.class);
    private final Map<String, Object> raw;

    /**
     * @param raw as variables gave it
     * @throws IllegalArgumentException if the value of a key that has a type does not fit
     */
    NodeMetadata(Map<String, Object> raw) {
        this.raw = new TreeMap<>(raw);
        raw.forEach((name, value) ->
                MetadataKey.of(name)
                        .ifPresent(key -> typed.put(key, MetadataValues.read(key, value))));
    }

    void set(MetadataKey key, Object value) {
        typed.put(key, value);
    }

    /** As raw metadata, which yields to what has a type. */
    void setRaw(String name, Object value) {
        raw.put(name, value);
    }

    Object rawValue(String name) {
        return raw.getOrDefault(name, "");
    }

    boolean has(MetadataKey key) {
        return typed.containsKey(key);
    }

    String text(MetadataKey key) {
        return typed.get(key) instanceof String text ? text : "";
    }

    boolean truth(MetadataKey key) {
        return typed.get(key) instanceof Boolean truth && truth;
    }

    int number(MetadataKey key) {
        return typed.get(key) instanceof Long number ? number.intValue() : 0;
    }

    /** The map itself: two keys may share one. */
    Map<String, Object> map(MetadataKey key) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (typed.get(key) instanceof Map<?, ?> found) {
            found.forEach((name, value) -> map.put(String.valueOf(name), value));
        }
        return map;
    }

    List<String> list(MetadataKey key) {
        return typed.get(key) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** What is told to the control plane: all of it. */
    public Map<String, Object> tree() {
        Map<String, Object> tree = typedTree();
        raw.forEach(tree::putIfAbsent);
        return tree;
    }

    /** Without what has no type. */
    public Map<String, Object> typedTree() {
        Map<String, Object> tree = new TreeMap<>();
        typed.forEach((key, value) -> {
            boolean always = key == MetadataKey.METADATA_DISCOVERY;
            if (always || MetadataValues.written(value)) {
                tree.put(key.name(), MetadataValues.print(key, value));
            }
        });
        return tree;
    }

    @Override
    public String type() {
        return "*model.BootstrapNodeMetadata";
    }

    @Override
    public Object json() {
        return typedTree();
    }

    @Override
    public @Nullable Object field(String name) {
        for (MetadataKey key : MetadataKey.values()) {
            if (key.goName().equals(name)) {
                Object value = typed.get(key);
                boolean map = key.kind() == MetadataKey.Kind.MAP;
                return map ? new TextMap(map(key)) : value == null ? empty(key) : value;
            }
        }
        return null;
    }

    private static Object empty(MetadataKey key) {
        return switch (key.kind()) {
            case TEXT -> "";
            case TEXTS, LIST, PORTS -> List.of();
            case TRUTH -> false;
            case WHOLE -> 0L;
            case MAP, MESSAGE -> Map.of();
        };
    }
}
